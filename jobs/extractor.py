"""Trains the NER of the extractor: where names stand, from templates and from weak labels.

The weak labels are what the grammars and gazetteers are sure of in historical messages; the
templates put real and invented names where people put them. Golden messages are never read here.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import spacy
import yaml
from spacy.language import Language
from spacy.training import Example
from thinc.api import fix_random_seed

from knowledge.merchants import load_merchants
from nlu.components import LinearTokeniser
from nlu.entities.accounts import account_names
from nlu.entities.categories import words as category_words
from nlu.entities.people import people_names
from nlu.extract import Extractor
from nlu.ner import LABELS, NER_CONFIG, NER_FOLDER
from registry import Registry

Progress = Callable[[str], None]
_TEMPLATES = Path(__file__).parent / "data" / "extractor_templates.yml"
_SLOTS = {"m": "merchant", "c": "category", "g": "goal", "a": "account"}
# Weak labels below this are left to the templates.
SURE = 0.9
BATCH = 64


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the NER is trained.

    Attributes:
        sentences: How many are made from the templates.
        messages: How many historical messages are used at most.
        epochs: Passes over all of them.
        seed: Of choice and of weights.
        dropout: Share of the features hidden while training.
    """

    sentences: int = 6_000
    messages: int = 3_000
    epochs: int = 5
    seed: int = 7
    dropout: float = 0.25


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its named spans, `(start, end, label)` in code points."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def train(registry: Registry, data_dir: Path, recipe: Recipe, progress: Progress) -> str:
    """Fits the NER and publishes it under its content hash; the pointer is not moved.

    Returns:
        The hash that `Registry.switch("extractor", …)` serves.
    """
    rng = random.Random(recipe.seed)  # noqa: S311 - no secret
    rows = list(made(recipe.sentences, rng))
    rows += weakly_labelled(data_dir / "messages", recipe.messages, rng)
    progress(f"{len(rows)} sentences")
    with tempfile.TemporaryDirectory() as folder:
        ner: Any = fit(rows, recipe, progress).get_pipe("ner")
        ner.to_disk(Path(folder) / NER_FOLDER, exclude=["vocab"])
        return registry.publish("extractor", Path(folder))


def fit(rows: Sequence[Labelled], recipe: Recipe, progress: Progress) -> Language:
    """A blank English pipeline with a small NER, trained on the rows."""
    fix_random_seed(recipe.seed)
    rng = random.Random(recipe.seed)  # noqa: S311 - no secret
    nlp = spacy.blank("en")
    nlp.tokenizer = LinearTokeniser(nlp.vocab)
    ner: Any = nlp.add_pipe("ner", config=NER_CONFIG)
    for label in LABELS:
        ner.add_label(label)
    examples = [example for row in rows if (example := _example(nlp, row)) is not None]
    optimizer = nlp.initialize(lambda: examples[:500])
    for epoch in range(recipe.epochs):
        rng.shuffle(examples)
        losses: dict[str, float] = {}
        for start in range(0, len(examples), BATCH):
            batch = examples[start : start + BATCH]
            nlp.update(batch, drop=recipe.dropout, sgd=optimizer, losses=losses)
        progress(f"epoch {epoch + 1} of {recipe.epochs}: loss {losses['ner']:.0f}")
    return nlp


def _example(nlp: Language, row: Labelled) -> Example | None:
    """None where a span does not lie on the borders of tokens."""
    doc = nlp.make_doc(row.text)
    for start, end, label in row.spans:
        if doc.char_span(start, end, label) is None:
            return None
    return Example.from_dict(doc, {"entities": list(row.spans)})


def made(count: int, rng: random.Random) -> Iterator[Labelled]:
    """Sentences from the templates with names in their places."""
    table = yaml.safe_load(_TEMPLATES.read_text(encoding="utf-8"))
    names = _Names(table, rng)
    for _ in range(count):
        yield _filled(rng.choice(table["templates"]), names, rng)


class _Names:
    """What may stand in each place of a template."""

    def __init__(self, table: dict[str, Any], rng: random.Random) -> None:
        self._rng = rng
        self._table = table
        self._merchants = [
            name
            for m in load_merchants()
            if not m.countries or {"gb", "us"} & set(m.countries)
            for name in (m.name, *m.aliases[:2])
            if len(name) < 28
        ]
        self._categories = category_words().phrases
        self._people = people_names()
        self._accounts = account_names()

    def take(self, slot: str) -> str:
        """A name for a slot."""
        rng, table = self._rng, self._table
        if slot == "m":
            kind = rng.random()
            if kind < 0.55:
                return rng.choice(self._merchants)
            return rng.choice(self._people) if kind < 0.62 else self._invented()
        if slot == "c":
            if rng.random() < 0.55:
                return rng.choice(self._categories)
            return f"{rng.choice(table['modifiers'])} {rng.choice(table['heads'])}"
        if slot == "a":
            return rng.choice(("my ", "my ", "the ", "")) + rng.choice(self._accounts)
        lists = {"g": "goals", "p": "periods", "n": "sums", "r": "recurrences"}
        return str(rng.choice(table[lists[slot]]))

    def _invented(self) -> str:
        """A name that no list holds."""
        rng, parts = self._rng, self._table["syllables"]
        word = "".join(rng.sample(parts, rng.choice((2, 2, 3))))
        kind = rng.random()
        if kind < 0.35:
            return word
        head = rng.choice(
            ("cafe", "dental", "garage", "vets", "diner", "studio", "motors", "nails")
        )
        second = rng.choice(("and ", "& ")) + rng.choice(parts) + rng.choice(parts)
        return f"{word} {head}" if kind < 0.75 else f"{word} {second}"


def _filled(template: str, names: _Names, rng: random.Random) -> Labelled:
    text = ""
    spans: list[tuple[int, int, str]] = []
    for k, piece in enumerate(template.replace("}", "{").split("{")):
        if k % 2 == 0:
            text += piece
            continue
        name = names.take(piece)
        label = _SLOTS.get(piece)
        if label:
            bare = name.removeprefix("the ") if label == "account" else name
            text += name[: len(name) - len(bare)]
            spans.append((len(text), len(text) + len(bare), label))
            text += bare
        else:
            text += name
    return Labelled(_cased(text, rng), tuple(spans))


def _cased(text: str, rng: random.Random) -> str:
    """Lower case mostly, some capitals, some shouting; never another length."""
    kind = rng.random()
    changed = text.lower() if kind < 0.7 else text.upper() if kind > 0.95 else text
    return changed if len(changed) == len(text) else text


def weakly_labelled(folder: Path, limit: int, rng: random.Random) -> list[Labelled]:
    """Historical messages with what the grammars and gazetteers are sure of."""
    extractor = Extractor.load(None)
    now = datetime(2026, 1, 15, tzinfo=UTC)
    texts = [
        orjson.loads(line)["text"]
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_bytes().splitlines()
    ]
    rng.shuffle(texts)
    rows = []
    for text in texts[:limit]:
        found = [e for e in extractor.extract(text, now) if e.entity in LABELS]
        if all(e.confidence >= SURE for e in found):
            rows.append(Labelled(text, tuple((e.start, e.end, e.entity) for e in found)))
    return rows
