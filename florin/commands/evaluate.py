"""`florin evaluate`: the report on a model."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from florin.commands.kinds import Kind
from florin.settings import Settings


def evaluate(kind: Annotated[Kind, typer.Argument(help="What is measured.")]) -> None:
    """Measure the model that serves on golden data; write Markdown, JSON and pictures."""
    from registry import Registry

    settings = Settings()
    registry = Registry(settings.registry_dir)
    out = settings.home / "reports" / kind.value

    def progress(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    if kind is Kind.enrichment:
        from jobs import enrichment

        print(enrichment.evaluate(registry, settings.data_dir, out, progress))
        return
    if kind is Kind.extractor:
        print(_extractor(settings, out))
        return
    from jobs.disagreements import queue, write_queue
    from jobs.hand_labels import settled_forms
    from jobs.history import read_messages
    from jobs.intent_evaluate import evaluate as measure
    from jobs.intent_evaluate import patterns_table, taught
    from jobs.intents import ensure_quick
    from nlu.intents import IntentModel

    ensure_quick(registry, settings.data_dir, progress)
    file = measure(registry, settings.data_dir, out)
    (out / "patterns.md").write_text(patterns_table(settings.data_dir))
    serving = registry.current(kind.value)
    if serving is not None:
        messages = read_messages(settings.data_dir / "messages")
        settled = settled_forms(settings.data_dir)
        rows = queue(taught(settings.data_dir), IntentModel.load(serving), messages, settled)
        progress(f"{write_queue(rows, out / 'queue.jsonl')} messages wait for a label")
    print(file)


def _extractor(settings: Settings, out: Path) -> Path:
    import json
    from dataclasses import asdict

    from jobs.extractor_cases import markdown as forms_table
    from jobs.extractor_cases import read_cases, resolved
    from jobs.extractor_plots import kinds
    from jobs.extractor_report import evaluate as score
    from jobs.extractor_report import markdown
    from jobs.golden import read_golden
    from nlu.extract import Extractor

    extractor = Extractor.load(settings.registry_dir)
    golden = [row for row in read_golden(settings.data_dir / "golden") if row.part == "report"]
    scores = score(extractor, golden, datetime.now(UTC))
    forms = resolved(extractor, read_cases(settings.data_dir.parent / "tests" / "cases"))
    out.mkdir(parents=True, exist_ok=True)
    figures = {
        "model": extractor.name,
        "spans": {kind: {**asdict(s), "f1": s.f1} for kind, s in scores.items()},
        "resolved": {kind: asdict(s) for kind, s in forms.items()},
    }
    (out / "report.json").write_text(json.dumps(figures, indent=1))
    kinds(scores, forms, out / "kinds.png")
    file = out / "report.md"
    file.write_text(
        f"# The extractor\n\nModel: {extractor.name or 'none, the grammars alone'}.\n\n"
        f"## Spans on golden (report part)\n\n{markdown(scores)}\n"
        f"## Resolved on the table of messages\n\n{forms_table(forms)}\n![](kinds.png)\n"
    )
    return file
