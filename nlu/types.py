"""What NLU is told and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

Locale = Literal["GB", "US"]
Direction = Literal["past", "future"]
Route = Literal["shortcut", "model", "second", "unsure"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A span of the text and what it stands for.

    Attributes:
        entity: The kind, one of the entities of the contract.
        start: First code point of the span in the text as written.
        end: One past the last code point.
        value: The span as written.
        confidence: Calibrated, 0 to 1.
        resolved: The machine's form of it, or None where it cannot be resolved.
    """

    entity: str
    start: int
    end: int
    value: str
    confidence: float
    resolved: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the person's own that has an id and a name: an account, goal or merchant."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Context:
    """What the caller knows of the person; every part may be missing."""

    currency: str | None = None
    timezone: str | None = None
    accounts: tuple[Named, ...] = ()
    goals: tuple[Named, ...] = ()
    merchants: tuple[Named, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any] | None) -> "Context":
        """Read the ``context`` of a request; unknown keys and unusable rows are left out."""
        given = given or {}
        return cls(
            currency=given.get("currency"),
            timezone=given.get("timezone"),
            accounts=_named(given.get("accounts")),
            goals=_named(given.get("goals")),
            merchants=_named(given.get("merchants")),
        )


def _named(rows: Any) -> tuple[Named, ...]:
    return tuple(
        Named(str(row["id"]), str(row["name"]))
        for row in rows or ()
        if isinstance(row, Mapping) and row.get("id") is not None and row.get("name")
    )


@dataclass(frozen=True, slots=True)
class Previous:
    """The last answered turn, which an elliptical message leans on.

    Attributes:
        intent: Its intent, or None where only its text is known.
        query: Its Query as data, or None for a turn that read no money.
        text: What the person said, where that is all the caller kept.
        asked: The intent of a plan that waits for a part, which the message may give alone.
    """

    intent: str | None = None
    query: dict[str, Any] | None = None
    text: str | None = None
    asked: str | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any] | str | None) -> "Previous | None":
        """Read the ``previous`` of a request: a mapping, simply the text, or nothing."""
        if not given:
            return None
        if isinstance(given, str):
            return cls(text=given)
        asked = (given.get("asked") or {}).get("intent")
        return cls(given.get("intent"), given.get("query"), given.get("text"), asked)


class Ranked(NamedTuple):
    """An intent and the calibrated probability of it."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the intent layers made of a message.

    Attributes:
        intent: The winner; ``out_of_scope`` where no threshold was met.
        ranking: The likeliest intents, best first.
        route: Which layer decided.
    """

    intent: Ranked
    ranking: tuple[Ranked, ...]
    route: Route


@dataclass(frozen=True, slots=True)
class Request:
    """One message to be parsed."""

    text: str
    now: datetime
    locale: Locale = "GB"
    context: Context = field(default_factory=Context)
    previous: Previous | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """What the regex teacher says of a message, for the trace; it does not decide.

    Attributes:
        intent: Its label, None where it abstains or its patterns conflict.
        confidence: The posterior of the likeliest intent.
        patterns: The numbers of the patterns that voted.
    """

    intent: str | None
    confidence: float
    patterns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parse:
    """The parse of the contract, before it is written as JSON.

    Attributes:
        normalised: The normal form that the intent layers read.
        teacher: The teacher's vote, None where the model came without its teacher.
    """

    text: str
    understanding: Understanding
    entities: tuple[Entity, ...]
    models: Mapping[str, str | None]
    normalised: str = ""
    teacher: Vote | None = None
