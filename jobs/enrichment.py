"""The declared runs of enrichment: first-run training, training, evaluation."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import knowledge
from jobs.enrichment_fit import fit
from registry import Registry

Progress = Callable[[str], None]
_ROOT = Path(__file__).resolve().parent.parent
_CODE = ("enrichment", "knowledge", "jobs")
# What is fitted does not depend on these.
_SERVING = frozenset(
    {
        "pipeline", "changes", "duplicates", "third", "prompts", "questions", "recurring",
        "transfers", "refunds", "export", "models", "trees",
        "enrichment_report", "enrichment_evaluate", "enrichment_measure", "enrichment_peers",
        "enrichment_people", "enrichment_release",
    }
)  # fmt: skip


def inputs_hash(data_dir: Path) -> str:
    """Hash of everything that the fit reads: silver lines, knowledge tables and the code itself."""
    digest = hashlib.sha256()
    tables = Path(knowledge.__file__).parent / "data"
    code = [p for room in _CODE for p in (_ROOT / room).glob("*.py")]
    mine = [
        p
        for p in code
        if p.stem not in _SERVING
        and (p.parent.name != "jobs" or p.name.startswith(("enrichment", "histor", "curves")))
    ]
    files = [*(data_dir / "silver").glob("*.csv"), *tables.glob("*"), *mine]
    for path in sorted(files):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def ensure_quick(registry: Registry, data_dir: Path, progress: Progress) -> str:
    """Publishes a model for today's inputs and lets it serve; fits only when inputs changed.

    Args:
        registry: Where models are published.
        data_dir: Holds `silver/`.
        progress: Called with what is being done.

    Returns:
        The content hash of the model that serves.
    """
    # Processes that start together wait for one fit.
    with registry.alone("enrichment"):
        return _ensured(registry, data_dir, progress)


def _ensured(registry: Registry, data_dir: Path, progress: Progress) -> str:
    wanted = inputs_hash(data_dir)
    cache = registry.root / "enrichment" / "inputs.json"
    known = json.loads(cache.read_text()) if cache.is_file() else {}
    name = known.get(wanted)
    if name is not None and (registry.root / "enrichment" / name).is_dir():
        if registry.pointer("enrichment").current is None:
            registry.switch("enrichment", name)
        return str(name)
    name = train(registry, data_dir, progress)
    registry.switch("enrichment", name)
    cache.write_text(json.dumps({wanted: name}))
    return name


def train(
    registry: Registry, data_dir: Path, progress: Progress, extra: Sequence[Path] = ()
) -> str:
    """Fits and publishes a model for today's inputs; what serves goes on serving.

    Args:
        registry: Where models are published.
        data_dir: Holds `silver/`.
        progress: Called with what is being done.
        extra: Silver files besides those of `data_dir`.

    Returns:
        The content hash of the new model.
    """
    with tempfile.TemporaryDirectory() as draft:
        fit(data_dir, Path(draft), progress, extra)
        return registry.publish("enrichment", Path(draft))


def evaluate(registry: Registry, data_dir: Path, out: Path, progress: Progress) -> Path:
    """Measures the model that serves on the golden people, beside simple peers.

    Args:
        registry: Where the model is published; one is fitted first if none serves.
        data_dir: Holds `silver/` and `people/`.
        out: Folder that the report is written into.
        progress: Called with what is being done.

    Returns:
        The report's Markdown file; JSON and pictures lie beside it.
    """
    from jobs.enrichment_evaluate import evaluated  # noqa: PLC0415 - peers are slow to import
    from jobs.enrichment_report import write  # noqa: PLC0415

    name = ensure_quick(registry, data_dir, progress)
    return write(evaluated(registry.path("enrichment", name), data_dir, progress), out)
