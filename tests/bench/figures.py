"""What a benchmark measures, beside what was asked for."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes:
        name: What was measured.
        value: The figure, as it is printed.
        goal: What was asked for, as it is printed; empty for a peer or a reference.
        met: Whether the goal was met; None where there is none.
    """

    name: str
    value: str
    goal: str = ""
    met: bool | None = None


def at_most(name: str, value: float, goal: float, unit: str) -> Figure:
    """A figure that should not pass its goal."""
    return Figure(name, f"{value:,.3g} {unit}", f"<= {goal:,.3g} {unit}", value <= goal)


def at_least(name: str, value: float, goal: float, unit: str) -> Figure:
    """A figure that should reach its goal."""
    return Figure(name, f"{value:,.3g} {unit}", f">= {goal:,.3g} {unit}", value >= goal)


def quantile(values: Iterable[float], share: float) -> float:
    """The value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
