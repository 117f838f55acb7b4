"""What became of the messages that were labelled, as numbers and to read."""

from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

SHARE = 0.01
"""The largest share of a class that one person may have."""


@dataclass(frozen=True)
class BadLine:
    """A line that is no message.

    Attributes:
        source: The file's name.
        line: Its number, from 1.
        reason: What is wrong with it; never what it says.
    """

    source: str
    line: int
    reason: str


@dataclass
class Report:
    """What became of the messages.

    Attributes:
        read: Messages read, the bad lines left out.
        labelled: Messages that got a label.
        conflicts: Messages whose patterns disagree.
        abstained: Messages of which no pattern, or none that is sure enough, says anything.
        redacted: Messages from which personal data was taken.
        people: How many people wrote them.
        capped: Messages left out because one person had too much of a class.
        written: Messages in the output.
        intents: By intent: labelled, and of these written.
        bad: How many lines of each source are no message.
        bad_lines: The first of these.
        seconds: Wall time.
    """

    read: int = 0
    labelled: int = 0
    conflicts: int = 0
    abstained: int = 0
    redacted: int = 0
    people: int = 0
    capped: int = 0
    written: int = 0
    intents: dict[str, dict[str, int]] = field(default_factory=dict)
    bad: dict[str, int] = field(default_factory=dict)
    bad_lines: list[BadLine] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def coverage(self) -> float:
        """Share of the messages that got a label."""
        return self.labelled / self.read if self.read else 0.0


def write_report(report: Report, out: Path) -> tuple[Path, Path]:
    """Write the report as Markdown and JSON beside the labels; return where."""
    markdown, data = out.with_suffix(".report.md"), out.with_suffix(".report.json")
    table = {**asdict(report), "coverage": round(report.coverage, 4)}
    data.write_bytes(orjson.dumps(table, option=orjson.OPT_INDENT_2))
    markdown.write_text(_markdown(report), encoding="utf-8")
    return markdown, data


def _markdown(report: Report) -> str:
    bad = sum(report.bad.values())
    lines = [
        "# Labels of the teacher",
        "",
        f"{report.read:,} messages of {report.people:,} people in {report.seconds:.1f} s: "
        f"{report.labelled:,} labelled (coverage {report.coverage:.1%}), "
        f"{report.conflicts:,} in conflict, {report.abstained:,} abstained. "
        f"Personal data was taken from {report.redacted:,}. "
        f"{report.capped:,} were left out by the cap of {SHARE:.0%} per person and class; "
        f"{report.written:,} are written. {bad:,} lines were no message.",
        "",
        "| intent | labelled | written |",
        "| --- | ---: | ---: |",
    ]
    rows = sorted(report.intents.items(), key=lambda row: -row[1]["labelled"])
    lines += [f"| {name} | {row['labelled']:,} | {row['written']:,} |" for name, row in rows]
    if report.bad_lines:
        lines += ["", f"Lines that are no message ({bad:,}; the first of each source):", ""]
        lines += [f"- {one.source}, line {one.line}: {one.reason}" for one in report.bad_lines]
    return "\n".join(lines) + "\n"
