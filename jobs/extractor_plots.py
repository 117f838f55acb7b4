"""The picture of an extractor's report: how well each kind is found and resolved."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot

from jobs.extractor_cases import Resolved
from jobs.extractor_report import Score

mpl.use("Agg")
_DPI = 110
_WIDTH = 0.28


def kinds(spans: Mapping[str, Score], forms: Mapping[str, Resolved], file: Path) -> None:
    """Bars by kind: exact and overlapping span F1 on golden, resolved accuracy on the table."""
    figure, axes = pyplot.subplots(figsize=(10, 4.5))
    places = range(len(spans))
    bars = (
        ("span F1, exact", [s.f1 for s in spans.values()]),
        ("span F1, overlapping", [s.overlap_f1 for s in spans.values()]),
        ("resolved right", [forms[k].accuracy if k in forms else 0.0 for k in spans]),
    )
    for number, (label, heights) in enumerate(bars):
        axes.bar([at + (number - 1) * _WIDTH for at in places], heights, _WIDTH, label=label)
    axes.set_xticks(list(places), list(spans), rotation=30)
    axes.set_ylim(0.5, 1.0)
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(file, dpi=_DPI)
    pyplot.close(figure)
