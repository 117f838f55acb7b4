"""From a message to resolved entities: a spaCy pipeline of named components, then one choice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import spacy
from spacy.language import Language

from nlu.choice import chosen, weight
from nlu.components import ORDER, LinearTokeniser, attach
from nlu.entities import categories, shop_names
from nlu.intent_fit import fitted
from nlu.message import Message, Proposal
from nlu.ner import is_needed
from nlu.periods.find import find_periods
from nlu.released import Follower, Released, load_published
from nlu.tokens import tokenise
from nlu.types import Context, Direction, Entity, Locale, Request
from nlu.words import is_in_dictionary, listed
from registry import Registry

# Intents whose bare days and months lie ahead.
FORWARD_INTENTS = listed(
    "upcoming_bills bill_details forecast_balance next_payday safe_to_spend can_afford "
    "create_goal contribute_goal check_goals set_alert get_plan set_budget enable_autosave "
    "disable_autosave"
)


@dataclass(frozen=True, slots=True)
class Explained:
    """A proposal and what became of it.

    Attributes:
        entity: The kind.
        text: The span as written.
        score: How sure the layer was.
        source: The layer.
        resolved: Its form.
        won: Whether it is an entity of the answer.
        why: One sentence.
    """

    entity: str
    text: str
    score: float
    source: str
    resolved: dict[str, Any] | None
    won: bool
    why: str


class Extractor:
    """Reads the nine kinds of entity; holds no state of any message or person."""

    def __init__(self, nlp: Language, registry: Registry | None) -> None:
        self._nlp = nlp
        self._follower = Follower(registry, nlp)
        self._turn = Lock()  # spaCy's memory zone holds one message at a time

    @property
    def name(self) -> str | None:
        """The content hash of the released NER that serves, None without one."""
        return self._follower.released.serving.name

    def answering(self, text: str) -> str | None:
        """The content hash of the NER that answers a message: a variant may get a share."""
        return self._follower.released.answering(text).name

    @classmethod
    def load(cls, registry_root: Path | None = None) -> Extractor:
        """Builds the pipeline and reads its tables once.

        Args:
            registry_root: Where models lie; None, or no released model there, works from grammars
                and tables alone.
        """
        nlp = spacy.blank("en")
        nlp.tokenizer = LinearTokeniser(nlp.vocab)
        for name in ORDER:
            nlp.add_pipe(f"florin_{name}", name=name)
        is_in_dictionary("")
        for table in (categories.words, shop_names.base):
            table()
        made = cls(nlp, Registry(registry_root) if registry_root else None)
        made.extract("spent £5 at tesco on eid and at diwali", datetime(2026, 1, 1, tzinfo=UTC))
        return made

    @classmethod
    def pinned(cls, registry: Registry, name: str | None) -> Extractor:
        """One published model, whatever the pointer names; None is the grammars alone.

        Raises:
            RegistryError: It is unknown or was changed.
            OSError: Its files are no model.
        """
        made = cls.load(None)
        made._follower.released = Released(load_published(registry, name, made._nlp))
        return made

    def extract(
        self,
        text: str,
        now: datetime,
        locale: Locale = "GB",
        context: Context | None = None,
        direction: Direction | None = None,
    ) -> list[Entity]:
        """The entities of a message, left to right, none overlapping.

        Args:
            text: As written; what lies beyond `nlu.tokens.MAX_CHARACTERS` is not read.
            now: The moment, in the person's zone or with any offset.
            locale: GB or US.
            context: What the caller knows of the person.
            direction: Where bare days lie; None is the past, until `orient` knows the intent.
        """
        message = self._read(text, now, locale, context or Context(), direction)
        return [_entity(message, p) for p in chosen(message.proposals)]

    def explain(self, asked: Request) -> list[Explained]:
        """Every proposal of every layer, and why it won or lost."""
        message = self._read(asked.text, asked.now, asked.locale, asked.context, None)
        best = chosen(message.proposals)
        return [_explained(message, p, best) for p in message.proposals]

    def orient(
        self, entities: Iterable[Entity], intent: str, now: datetime, about: str | None = None
    ) -> list[Entity]:
        """Reads the entities again in the light of the intent.

        Its own head word is no entity, small talk has none, and where it looks ahead bare days
        and months are the next ones.

        Args:
            entities: What `extract` found without a direction.
            intent: The intent of the message.
            now: The moment that they were read against, in the person's zone.
            about: The measure of the question that an elliptical message changes.
        """
        found = fitted(list(entities), intent)
        if intent not in FORWARD_INTENTS and about not in FORWARD_INTENTS:
            return found
        return [_ahead(e, now) if e.entity == "period" else e for e in found]

    def _read(
        self,
        text: str,
        now: datetime,
        locale: Locale,
        context: Context,
        direction: Direction | None,
    ) -> Message:
        message = Message(text, _local(now, context), locale, context, direction)
        with self._turn:
            released = self._follower.follow()
            with self._nlp.memory_zone():
                doc = attach(self._nlp.make_doc(text), message)
                for _, pipe in self._nlp.pipeline:
                    doc = pipe(doc)
                if is_needed(message):
                    message.proposals = released.read(doc, message)
        return message


def _local(now: datetime, context: Context) -> Any:
    """The day it is where the person is."""
    if context.timezone and now.tzinfo is not None:
        try:
            return now.astimezone(ZoneInfo(context.timezone)).date()
        except (ZoneInfoNotFoundError, ValueError):
            return now.date()
    return now.date()


def _entity(message: Message, p: Proposal) -> Entity:
    start, end = message.span(p.first, p.last)
    return Entity(p.entity, start, end, message.text[start:end], p.score, p.resolved)


def _explained(message: Message, p: Proposal, best: Sequence[Proposal]) -> Explained:
    if p in best:
        why = "it is the surest reading of these words"
    else:
        rival = max((q for q in best if q.first < p.last and p.first < q.last), key=weight)
        words = message.words(rival.first, rival.last)
        why = f"{rival.entity} “{words}” is surer ({weight(rival):.2f} against {weight(p):.2f})"
    return Explained(
        p.entity, message.words(p.first, p.last), p.score, p.source, p.resolved, p in best, why
    )


def _ahead(entity: Entity, now: datetime) -> Entity:
    """The period read as the next one; its locale is the one under which it reads as it did."""
    tokens = tokenise(entity.value)
    days = [now.date() + timedelta(days=away) for away in (0, 1, -1)]  # the person's zone
    for today, locale in product(days, ("GB", "US")):
        before = find_periods(tokens, today, locale, False)
        if len(before) == 1 and before[0].resolved() == entity.resolved:
            after = find_periods(tokens, today, locale, True)
            if len(after) == 1:
                return replace(entity, resolved=after[0].resolved())
    return entity
