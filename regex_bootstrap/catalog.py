"""The intents as data: one YAML file each, read into frozen records."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from regex_bootstrap.errors import BadIntentFileError, BadPatternError

SHARED = "_shared.yml"
_FRAGMENT = re.compile(r"<(\w+)>")
_FIELDS = frozenset(
    {"intent", "definition", "slots", "patterns", "counter_patterns", "examples", "templates"}
)


@dataclass(frozen=True)
class Intent:
    """One intent as its file tells it.

    Attributes:
        name: The contract's name.
        definition: Its meaning in one sentence.
        slots: The entities that may come with it.
        patterns: RE2 patterns over the normal form; each that matches votes for the intent.
        counter_patterns: Where one matches, the intent's patterns abstain.
        examples: Whole messages as people write them.
        templates: Sentences with choices and slots from which training lines are drawn.
    """

    name: str
    definition: str
    slots: tuple[str, ...]
    patterns: tuple[str, ...]
    counter_patterns: tuple[str, ...]
    examples: tuple[str, ...]
    templates: tuple[str, ...]


@dataclass(frozen=True)
class Catalog:
    """All intents, and what their templates share.

    Attributes:
        intents: By name, in the order of the file names.
        values: What a template's ``{slot}`` may be filled with.
    """

    intents: Mapping[str, Intent]
    values: Mapping[str, tuple[str, ...]]


def read_catalog(folder: Path) -> Catalog:
    """Read ``data/intents``.

    Raises:
        BadIntentFileError: A file is unreadable, incomplete or has an unknown field.
        BadPatternError: A pattern uses a fragment that ``_shared.yml`` lacks.
    """
    shared = _read(folder / SHARED)
    fragments: dict[str, str] = shared["fragments"]
    files = sorted(path for path in folder.glob("*.yml") if not path.name.startswith("_"))
    if not files:
        raise BadIntentFileError(f"{folder} holds no intent file.")
    intents = [_intent(path, fragments) for path in files]
    values = {name: tuple(map(str, rows)) for name, rows in shared["values"].items()}
    return Catalog({intent.name: intent for intent in intents}, values)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise BadIntentFileError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise BadIntentFileError(f"{path.name} must be a mapping.")
    return found


def _intent(path: Path, fragments: Mapping[str, str]) -> Intent:
    found = _read(path)
    unknown = found.keys() - _FIELDS
    if unknown or found.get("intent") != path.stem or not found.get("definition"):
        raise BadIntentFileError(
            f"{path.name} needs intent: {path.stem} and a definition; unknown: {sorted(unknown)}."
        )

    def lines(field: str) -> tuple[str, ...]:
        """Return a list, or a block of lines, which needs no quotes around a pattern."""
        given = found.get(field) or ()
        if isinstance(given, str):
            return tuple(line.strip() for line in given.splitlines() if line.strip())
        return tuple(map(str, given))

    return Intent(
        name=path.stem,
        definition=found["definition"],
        slots=lines("slots"),
        patterns=tuple(expand(text, fragments) for text in lines("patterns")),
        counter_patterns=tuple(expand(text, fragments) for text in lines("counter_patterns")),
        examples=lines("examples"),
        templates=lines("templates"),
    )


def expand(pattern: str, fragments: Mapping[str, str]) -> str:
    """Replace each ``<name>`` of a pattern by the fragment of that name, fragments within too.

    Raises:
        BadPatternError: No fragment has the name.
    """

    def fragment(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in fragments:
            raise BadPatternError(f"Pattern {pattern!r} uses the unknown fragment <{name}>.")
        return f"(?:{expand(fragments[name], fragments)})"

    return _FRAGMENT.sub(fragment, pattern)
