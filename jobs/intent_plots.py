"""Pictures of a report: confusion, reliability, threshold."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure

from jobs.intent_scores import Said

mpl.use("Agg")
_BINS = 10
_DPI = 110


def confusion(said: Sequence[Said], file: Path) -> None:
    """Which intent is taken for which; the diagonal is right."""
    names = sorted({one.row.intent for one in said} | {one.intent for one in said})
    place = {name: at for at, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for one in said:
        counts[place[one.row.intent], place[one.intent]] += 1
    figure, axes = pyplot.subplots(figsize=(15, 14))
    axes.imshow(np.log1p(counts), cmap="Blues")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_xlabel("answered")
    axes.set_ylabel("labelled")
    _save(figure, file)


def reliability(layers: Mapping[str, Sequence[Said]], file: Path) -> None:
    """How often each confidence is right."""
    figure, axes = pyplot.subplots(figsize=(6, 5))
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    for name, said in layers.items():
        confidence = np.array([one.confidence for one in said])
        right = np.array([one.right for one in said])
        bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
        found = [at for at in range(_BINS) if (bins == at).any()]
        places = [confidence[bins == at].mean() for at in found]
        levels = [right[bins == at].mean() for at in found]
        axes.plot(places, levels, marker="o", label=name)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share that is right")
    axes.legend()
    _save(figure, file)


def threshold(said: Sequence[Said], file: Path) -> None:
    """What a least confidence would cost: coverage and precision of the answers."""
    confidence = np.array([one.confidence for one in said])
    right = np.array([one.right for one in said])
    steps = np.linspace(0, 0.99, 50)
    kept = [confidence >= step for step in steps]
    figure, axes = pyplot.subplots(figsize=(6, 5))
    axes.plot(steps, [flags.mean() for flags in kept], label="answered")
    axes.plot(steps, [right[flags].mean() if flags.any() else 1 for flags in kept], label="right")
    axes.set_xlabel("least confidence")
    axes.legend()
    _save(figure, file)


def _save(figure: Figure, file: Path) -> None:
    figure.tight_layout()
    figure.savefig(file, dpi=_DPI)
    pyplot.close(figure)
