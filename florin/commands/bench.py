"""`florin bench`: what it costs, measured now on this machine."""

import importlib
from typing import Annotated

import typer

from florin.settings import ROOT


def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Which of tests/bench; all.")] = None,
) -> None:
    """Run the benchmarks of tests/bench and print their figures as a table."""
    import sys

    from rich.console import Console
    from rich.table import Table

    sys.path.insert(0, str(ROOT))
    found = sorted(file.stem for file in (ROOT / "tests" / "bench").glob("*_bench.py"))
    wanted = [name for name in found if not names or name.removesuffix("_bench") in names]
    if not wanted:
        known = ", ".join(name.removesuffix("_bench") for name in found)
        raise typer.BadParameter(f"there is no such benchmark; there are {known}")
    console = Console(width=110)
    for name in wanted:
        module = importlib.import_module(f"tests.bench.{name}")
        table = Table("figure", "measured", "goal", "met", title=name.removesuffix("_bench"))
        for figure in module.measure():
            met = {True: "yes", False: "no", None: ""}[figure.met]
            table.add_row(figure.name, figure.value, figure.goal, met)
        console.print(table)
