"""What a chart costs: filling its specification in, which is part of an answer, and drawing it."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from actions.pictures.drawing import png
from actions.pictures.picture import Mark, Picture, spec_of
from actions.say import Format
from tests.bench.figures import Figure, at_most, quantile

FORM = Format("GB", date(2026, 11, 10))
ROUNDS = 15
GOAL_MS = 400.0


def pictures() -> list[Picture]:
    """One of each kind, as large as they get."""
    bars = [Mark(f"id-{n}", f"Category number {n}", 123_456 - 9_000 * n) for n in range(11)]
    months = [Mark(f"m{n}", f"Month {n}", 90_000 + 777 * n, short=f"M{n}") for n in range(12)]
    days = [FORM.today + timedelta(days=n) for n in range(92)]
    ahead = [
        Mark(day.isoformat(), FORM.day(day), 150_000 - 1_000 * n, day=day, more=_range(n))
        for n, day in enumerate(days)
    ]
    budget = [
        Mark(day.isoformat(), FORM.day(day), 500 * n if n < 12 else None, day=day, more=_cap(n))
        for n, day in enumerate(days[:31])
    ]
    shown: list[tuple[str, list[Mark]]] = [
        ("bars", bars),
        ("columns", months),
        ("sides", bars[:2]),
        ("forecast", ahead),
        ("pace", budget),
    ]
    return [Picture(kind, "A title", "1–31 October", "GBP", marks) for kind, marks in shown]  # type: ignore[arg-type]


def _range(number: int) -> dict[str, int]:
    return {"low": 150_000 - 1_400 * number, "high": 150_000 - 600 * number}


def _cap(number: int) -> dict[str, int]:
    return {"even": 700 * number, "cap": 21_000}


def _milliseconds(work: Callable[[], object], clock: Callable[[], float]) -> list[float]:
    found = []
    for _ in range(ROUNDS):
        begun = clock()
        work()
        found.append((clock() - begun) * 1000)
    return found


def measure() -> Iterator[Figure]:
    """The time of nine in ten of each kind, and beside it what the processor worked for it.

    On a machine that does other things too, only the second tells what a chart costs.
    """
    shown = pictures()
    begun = time.perf_counter()
    png(spec_of(shown[0], FORM))
    yield Figure("first chart after a start", f"{(time.perf_counter() - begun) * 1000:,.0f} ms")
    for picture in shown:
        spec = spec_of(picture, FORM)

        def fill(picture: Picture = picture) -> object:
            return spec_of(picture, FORM)

        def draw(spec: dict[str, Any] = spec) -> object:
            return png(spec)

        filled = quantile(_milliseconds(fill, time.process_time), 0.9)
        worked = quantile(_milliseconds(draw, time.process_time), 0.9)
        drawn = quantile(_milliseconds(draw, time.perf_counter), 0.9)
        yield Figure(f"{picture.kind}: specification, processor", f"{filled:,.1f} ms")
        yield Figure(f"{picture.kind}: drawn, processor", f"{worked:,.0f} ms")
        yield at_most(f"{picture.kind}: drawn", drawn, GOAL_MS, "ms")
