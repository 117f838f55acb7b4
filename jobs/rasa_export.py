"""Training data for Rasa users: the examples and drawn sentences as Rasa NLU YAML."""

import random
from pathlib import Path

import yaml

from jobs.lines import drawer
from jobs.templates import draw


class _Block(str):
    """A text that YAML writes as a block."""


def _as_block(dumper: yaml.SafeDumper, text: _Block) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")


class _Dumper(yaml.SafeDumper):
    """Writes blocks as blocks."""


_Dumper.add_representer(_Block, _as_block)


def rasa_yaml(data_dir: Path, per_intent: int, seed: int = 1) -> str:
    """Draw sentences of every intent in the format of Rasa 3.1.

    Args:
        data_dir: The repository's ``data``.
        per_intent: Distinct sentences of each, at the most.
        seed: Of the draw.
    """
    rng = random.Random(seed)  # noqa: S311 - draws training lines
    parts = []
    for name, templates, weights in drawer(data_dir / "intents").intents:
        picked = rng.choices(templates, cum_weights=weights, k=per_intent)
        texts = dict.fromkeys(draw(nodes, rng) for nodes in picked)
        examples = _Block("".join(f"- {text}\n" for text in texts if text))
        parts.append({"intent": name, "examples": examples})
    document = {"version": "3.1", "nlu": parts}
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000)
