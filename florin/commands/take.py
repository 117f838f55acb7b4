"""`florin take`: labels filled into the disagreement queue, for training or for the golden set."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from florin.settings import ROOT, Settings


def take(
    queue: Annotated[Path, typer.Argument(help="The queue, with intents filled in.")],
    golden: Annotated[
        Literal["tune", "report"] | None,
        typer.Option(help="Keep them for measuring, in this part, instead of training on them."),
    ] = None,
) -> None:
    """Take the labels that were filled into a queue of `florin evaluate intents`."""
    from jobs.errors import LabelError
    from jobs.hand_labels import read_contract, take_golden, take_labels

    data = Settings().data_dir
    contract = read_contract(ROOT / "knowledge" / "data" / "intents.yml")
    if not queue.is_file():
        raise LabelError(f"{queue} is no file; `florin evaluate intents` writes a queue.")
    if golden is None:
        print(f"{take_labels(queue, data, contract)} labels taken; the next run trains on them.")
    else:
        print(f"{take_golden(queue, data, contract, golden)} labels taken as golden, {golden}.")
