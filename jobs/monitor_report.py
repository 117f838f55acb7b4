"""The weekly report: Markdown to read, JSON to compare, pictures to look at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from jobs.drift import LARGE, Shift, Week
from jobs.judge import Agreement
from jobs.monitor import Monitored


def write(report: Monitored, folder: Path) -> Path:
    """Writes `monitor.md`, `monitor.json`, `drift.png`, `layers.png` and `spread.png`.

    Returns:
        The Markdown file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = {**asdict(report), "monday": report.monday.isoformat(), "alarms": report.alarms}
    (folder / "monitor.json").write_text(json.dumps(data, indent=1, sort_keys=True))
    _drift(report, folder / "drift.png")
    _layers(report, folder / "layers.png")
    _spread(report, folder / "spread.png")
    path = folder / "monitor.md"
    path.write_text(markdown(report), encoding="utf-8")
    return path


def markdown(report: Monitored) -> str:
    """The report to read."""
    alarms = report.alarms or ["nothing"]
    week, before = report.week, report.before
    return "\n".join(
        [
            f"# Enrichment in the week of {report.monday}",
            "",
            f"Model `{report.model}`; {week.rows:,} rows of {report.people} people were imported, "
            f"{before.rows:,} the week before.",
            "",
            "## To look at",
            "",
            *(f"- {alarm}" for alarm in alarms),
            "",
            "## Shares",
            "",
            "| | this week | the week before |",
            "| --- | --- | --- |",
            f"| unsure, so the person is asked | {week.unsure:.1%} | {before.unsure:.1%} |",
            f"| merchant in no table and no training line | {week.unknown:.1%} "
            f"| {before.unknown:.1%} |",
            f"| such merchants never met before | {week.new_merchants} | {before.new_merchants} |",
            *_layer_rows(week, before),
            "",
            *_shift_table("Against the training lines", report.training),
            "Training lines are spread over all categories on purpose, so some distance is usual; "
            "what changes from week to week counts.",
            "",
            *_shift_table("Against the week before", report.last_week),
            *_judged(report.judged),
            "![Drift](drift.png)",
            "",
            "![Layers](layers.png)",
            "",
            "![The traits that moved most](spread.png)",
            "",
        ]
    )


def _layer_rows(week: Week, before: Week) -> list[str]:
    names = sorted({*week.layers, *before.layers})
    return [
        f"| decided by {name} | {week.layers.get(name, 0):.1%} | {before.layers.get(name, 0):.1%} |"
        for name in names
    ]


def _shift_table(title: str, shifts: Sequence[Shift]) -> list[str]:
    rows = [
        f"| {s.name} | {s.index:.3f} | {s.chance:.3f} | {'large' if s.large else ''} |"
        for s in shifts
    ]
    if not rows:
        return [f"## {title}", "", "There are no rows to compare with.", ""]
    head = "| trait | population stability index | by chance up to | |"
    return [f"## {title}", "", head, "| --- | --- | --- | --- |", *rows, ""]


def _judged(judged: Mapping[str, Agreement]) -> list[str]:
    if not judged:
        return ["## Judge", "", "No language model was asked.", ""]
    rows = []
    for layer, found in judged.items():
        low, high = found.interval
        rows.append(
            f"| {layer} | {found.share:.1%} | {low:.1%} to {high:.1%} | {found.judged} "
            f"| {found.cannot_tell} |"
        )
    return [
        "## Judge",
        "",
        "How often a language model calls a sampled category right. That is its opinion, not "
        "accuracy.",
        "",
        "| layer | agrees | 95 % interval | judged | cannot tell |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
    ]


def _drift(report: Monitored, path: Path) -> None:
    figure, axes = plt.subplots(figsize=(8, 4))
    names = [shift.name for shift in report.last_week or report.training]
    for offset, (label, shifts) in enumerate(
        (("training lines", report.training), ("week before", report.last_week))
    ):
        index = {shift.name: shift.index for shift in shifts}
        places = [n + 0.4 * offset for n in range(len(names))]
        axes.bar(places, [index.get(name, 0) for name in names], width=0.4, label=label)
    axes.axhline(LARGE, color="0.5", linestyle="--")
    axes.set_xticks([n + 0.2 for n in range(len(names))], names, rotation=40, ha="right")
    axes.set_ylabel("population stability index")
    axes.legend()
    _save(figure, path)


def _layers(report: Monitored, path: Path) -> None:
    figure, axes = plt.subplots(figsize=(6, 3))
    names = sorted({*report.week.layers, *report.before.layers})
    for row, week in enumerate((report.before, report.week)):
        left = 0.0
        for colour, name in enumerate(names):
            share = week.layers.get(name, 0.0)
            label = name if row == 0 else None
            axes.barh(row, share, left=left, color=f"C{colour}", label=label)
            left += share
    axes.set_yticks([0, 1], ["week before", "this week"])
    axes.set_xlabel("share of rows by layer")
    if names:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=len(names))
    _save(figure, path)


def _spread(report: Monitored, path: Path) -> None:
    """The bins of the three traits that moved most against the training lines."""
    most = sorted(report.training, key=lambda shift: -shift.index)[:3]
    figure, panels = plt.subplots(1, max(1, len(most)), figsize=(11, 3.6), squeeze=False)
    for axes, shift in zip(panels[0], most, strict=False):
        bins = sorted({*shift.now, *shift.before})
        for offset, (label, shares) in enumerate(
            (("now", shift.now), ("training lines", shift.before))
        ):
            places = [n + 0.4 * offset for n in range(len(bins))]
            axes.bar(places, [shares.get(b, 0) for b in bins], width=0.4, label=label)
        axes.set_xticks(range(len(bins)), bins, rotation=90, fontsize=7)
        axes.set_title(shift.name)
    if most:
        panels[0][0].legend()
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
