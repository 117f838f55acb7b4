"""The report of enrichment: Markdown to read, JSON to compare, pictures to look at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
import matplotlib.pyplot as plt

from jobs import layer_three
from jobs.asking import markdown as asked

GOALS = {
    "category": 0.82,
    "top": 0.92,
    "counterparty": 0.85,
    "essential": 0.93,
    "calibration": 0.05,
    "most_confident_60": 0.98,
    "streams": 0.92,
    "income_streams": 0.95,
}


def write(report: Mapping[str, Any], folder: Path) -> Path:
    """Writes `enrichment.md`, `enrichment.json`, `confusion.png` and `reliability.png`.

    Returns:
        The Markdown file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "enrichment.json").write_text(json.dumps(report, indent=1, sort_keys=True))
    _confusion(report["confusion"], folder / "confusion.png")
    _reliability(report["reliability"], folder / "reliability.png")
    path = folder / "enrichment.md"
    path.write_text(markdown(report), encoding="utf-8")
    return path


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def markdown(report: Mapping[str, Any]) -> str:
    """The report to read."""
    lines = [
        "# Enrichment on the golden people",
        "",
        f"Model `{report['model']}`, {report['rows']} rows. Golden rows are never trained on.",
        "",
        "| measure | goal | here |",
        "| --- | --- | --- |",
        f"| category, leaf | {_percent(GOALS['category'])} | {_percent(report['category'])} |",
        f"| category, middle | | {_percent(report['middle'])} |",
        f"| category, top | {_percent(GOALS['top'])} | {_percent(report['top'])} |",
        f"| counterparty | {_percent(GOALS['counterparty'])} "
        f"| {_percent(report['counterparty'])} |",
        f"| essential | {_percent(GOALS['essential'])} | {_percent(report['essential'])} |",
        f"| recurring (row) | | {_percent(report['recurring'])} |",
        f"| location | | {_percent(report['location'])} |",
        *_streams("streams", report["streams"], GOALS["streams"]),
        *_streams("income streams", report["income_streams"], GOALS["income_streams"]),
        f"| leaf on the most confident 60 % | {_percent(GOALS['most_confident_60'])} "
        f"| {_percent(report['most_confident_60'])} |",
        "",
        "## Calibration error (goal: at most 0.05)",
        "",
        "| attribute | error |",
        "| --- | --- |",
        *(f"| {name} | {value:.3f} |" for name, value in report["calibration"].items()),
        "",
        "## Peers, trained on the same lines",
        "",
        "| peer | leaf | top |",
        "| --- | --- | --- |",
        f"| **Florin** | {_percent(report['category'])} | {_percent(report['top'])} |",
        *(
            f"| {name} | {_percent(peer['category'])} | {_percent(peer['top'])} |"
            for name, peer in report["peers"].items()
        ),
        "",
        *_table("Layers", "layer", report["layers"]),
        *layer_three.markdown(report["third"]),
        *asked(report["asking"]),
        *_table("Slices", "slice", report["slices"]),
        "![Confusion of the top categories](confusion.png)",
        "",
        "![Reliability](reliability.png)",
        "",
    ]
    return "\n".join(lines)


def _streams(name: str, figures: Mapping[str, float], goal: float) -> list[str]:
    shown = f"{_percent(figures['precision'])} / {_percent(figures['recall'])}"
    return [f"| {name}, precision / recall | {_percent(goal)} | {shown} |"]


def _table(title: str, first: str, parts: Mapping[str, Mapping[str, float]]) -> list[str]:
    rows = [
        f"| {name} | {part['rows']} | {_percent(part['share'])} | {_percent(part['category'])} "
        f"| {_percent(part['middle'])} | {_percent(part['top'])} "
        f"| {_percent(part['counterparty'])} | {_percent(part['essential'])} |"
        for name, part in sorted(parts.items())
    ]
    head = f"| {first} | rows | of all | leaf | middle | top | counterparty | essential |"
    return [f"## {title}", "", head, f"| {' | '.join(['---'] * 8)} |", *rows, ""]


def _confusion(cells: Sequence[Sequence[Any]], path: Path) -> None:
    names = sorted({str(c[0]) for c in cells} | {str(c[1]) for c in cells})
    counts = np.zeros((len(names), len(names)))
    for want, got, count in cells:
        counts[names.index(want), names.index(got)] = count
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure, axes = plt.subplots(figsize=(9, 8))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("said")
    axes.set_ylabel("true")
    for y, x in zip(*np.nonzero(counts), strict=True):
        dark = shares[y, x] > 0.5
        axes.text(
            x,
            y,
            str(int(counts[y, x])),
            ha="center",
            va="center",
            color="w" if dark else "k",
            fontsize=7,
        )
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _reliability(curves: Mapping[str, Sequence[Sequence[float]]], path: Path) -> None:
    figure, axes = plt.subplots(figsize=(6, 6))
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--")
    for name, points in curves.items():
        axes.plot([p[0] for p in points], [p[1] for p in points], marker="o", label=name)
    axes.set_xlabel("confidence")
    axes.set_ylabel("right")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
