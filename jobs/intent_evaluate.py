"""The report on intents: teacher, student and all that serves, side by side on golden messages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from jobs import intent_plots, intent_scores
from jobs.golden import Golden, read_golden
from jobs.history import read_messages
from jobs.intent_scores import Reader, Said
from nlu.layers import Layers
from nlu.normalise import normalise
from nlu.second import load_second
from nlu.shortcuts import shortcut
from nlu.types import Previous, Ranked, Understanding
from regex_bootstrap.catalog import read_catalog
from regex_bootstrap.report import pattern_report
from regex_bootstrap.vote import Teacher
from registry import Registry

Part = Literal["tune", "report"]
_KIND = "intents"
_SHOWN = 25


def layers(model: Layers) -> dict[str, Reader]:
    """What is measured beside the teacher: the student alone, and all that serves."""

    def serving(text: str, previous: Previous | None) -> Understanding:
        found = shortcut(text)
        if found is None:
            return model.understand(text, previous)
        return Understanding(Ranked(found, 1.0), (Ranked(found, 1.0),), "shortcut")

    return {"student": model.student.understand, "serving": serving}


def taught(data_dir: Path) -> Teacher:
    """The patterns, weighed by how they agree on the history."""
    messages = read_messages(data_dir / "messages")
    teacher = Teacher.of(read_catalog(data_dir / "intents"))
    return teacher.learn(message.normal for message in messages)


def evaluate(
    registry: Registry,
    data_dir: Path,
    out: Path,
    part: Part = "report",
    model: str | None = None,
) -> Path:
    """Measure a model, by default the one that serves, and write the report.

    Args:
        registry: Where the model is published.
        data_dir: The repository's ``data``.
        out: Folder for ``report.md``, ``report.json``, ``intent_report.json`` and pictures.
        part: Which golden part; ``report`` is for figures alone.
        model: Another content hash than that of what serves; it is compared with what serves.

    Returns:
        The Markdown file.

    Raises:
        RegistryError: The model is broken or unknown.
        FileNotFoundError: No model serves yet.
    """
    folder = registry.path(_KIND, model) if model else registry.current(_KIND)
    if folder is None:
        raise FileNotFoundError("No intent model serves yet; run `florin train intents` first.")
    rows = [row for row in read_golden(data_dir / "golden") if row.part == part]
    found = measured(Layers.load(folder, load_second()), taught(data_dir), rows)
    before = _before(registry, folder.name, rows)
    return write(found, before, folder.name, part, out)


def measured(model: Layers, teacher: Teacher, rows: Sequence[Golden]) -> dict[str, list[Said]]:
    """What each layer says; ``misspelt`` is what serves with a third of the words misspelt."""
    found = {"teacher": intent_scores.by_teacher(teacher, rows, model.student.mended)}
    for name, read in layers(model).items():
        found[name] = intent_scores.by_reader(read, rows)
    serving = layers(model)["serving"]
    found["misspelt"] = intent_scores.by_reader(serving, intent_scores.misspelt(rows))
    return found


def _before(registry: Registry, model: str, rows: Sequence[Golden]) -> Mapping[str, float] | None:
    current = registry.pointer(_KIND).current
    name = registry.previous(_KIND) if current == model else current
    if name is None:
        return None
    reader = layers(Layers.load(registry.path(_KIND, name), load_second()))["serving"]
    return intent_scores.as_json(intent_scores.score(intent_scores.by_reader(reader, rows)))


def write(
    found: Mapping[str, Sequence[Said]],
    before: Mapping[str, float] | None,
    name: str,
    part: Part,
    out: Path,
) -> Path:
    """Write the report in three forms and its pictures."""
    out.mkdir(parents=True, exist_ok=True)
    scores = {layer: asdict(intent_scores.score(said)) for layer, said in found.items()}
    serving = found["serving"]
    report = {
        "model": name,
        "part": part,
        "layers": scores,
        "before": before,
        "slices": intent_scores.slices(serving),
        "intents": intent_scores.per_intent(serving),
        "confusions": intent_scores.confusions(serving)[:_SHOWN],
    }
    (out / "report.json").write_text(json.dumps(report, indent=1))
    (out / "intent_report.json").write_text(json.dumps(_rasa(serving), indent=1))
    intent_plots.confusion(serving, out / "confusion.png")
    intent_plots.reliability(
        {layer: found[layer] for layer in ("student", "serving")}, out / "reliability.png"
    )
    intent_plots.threshold(serving, out / "threshold.png")
    file = out / "report.md"
    file.write_text(_markdown(report))
    return file


def _rasa(said: Sequence[Said]) -> dict[str, Any]:
    """The report as ``rasa test nlu`` writes it."""
    score = intent_scores.score(said)
    return {**intent_scores.per_intent(said), "accuracy": score.accuracy}


def _markdown(report: Mapping[str, Any]) -> str:
    columns = list(next(iter(report["layers"].values())))
    lines = [
        f"# Intents: model `{report['model']}` on the golden part `{report['part']}`",
        "",
        "| layer | " + " | ".join(columns) + " |",
        "| --- |" + " --- |" * len(columns),
    ]
    rows = dict(report["layers"])
    if report["before"]:
        rows["release before"] = report["before"]
    for layer, scores in rows.items():
        cells = [
            f"{scores[c]:.3f}" if isinstance(scores[c], float) else str(scores[c]) for c in columns
        ]
        lines.append(f"| {layer} | " + " | ".join(cells) + " |")
    lines += [
        "", "Abstentions of the teacher and `unsure` count as out_of_scope. `misspelt` is what "
        "serves with a third of the words misspelt by rules that training does not use.",
        "", "![confusion](confusion.png)", "![reliability](reliability.png)",
        "![threshold](threshold.png)", "", "| slice | messages | accuracy |", "| --- | --- | --- |",
    ]  # fmt: skip
    lines += [
        f"| {name} | {cell['messages']} | {cell['accuracy']:.3f} |"
        for name, cell in report["slices"].items()
    ]
    lines += [
        "",
        "| intent | precision | recall | f1 | messages |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {name} | {cell['precision']:.2f} | {cell['recall']:.2f} | {cell['f1-score']:.2f} "
        f"| {cell['support']} |"
        for name, cell in report["intents"].items()
    ]
    lines += ["", "| label | answer | messages |", "| --- | --- | --- |"]
    lines += [f"| {truth} | {answer} | {count} |" for truth, answer, count in report["confusions"]]
    return "\n".join(lines) + "\n"


def patterns_table(data_dir: Path, part: Part = "tune") -> str:
    """Coverage, overlap, conflict and accuracy of every pattern, as Markdown."""
    teacher = taught(data_dir)
    history = [message.normal for message in read_messages(data_dir / "messages")]
    golden = [row for row in read_golden(data_dir / "golden") if row.part == part]
    normals = history + [normalise(row.text) for row in golden]
    gold = [None] * len(history) + [row.intent for row in golden]
    lines = [
        "| intent | pattern | votes | coverage | overlap | conflict | accuracy | learnt |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in pattern_report(teacher, normals, gold):
        accuracy = "-" if row.accuracy is None else f"{row.accuracy:.2f}"
        text = row.pattern.text.replace("|", "\\|")[:60]
        lines.append(
            f"| {row.pattern.intent} | `{text}` | {row.votes} | {row.coverage:.4f} "
            f"| {row.overlap:.4f} | {row.conflict:.4f} | {accuracy} | {row.learnt:.2f} |"
        )
    return "\n".join(lines) + "\n"
