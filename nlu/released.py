"""The NER that the registry's pointer names, swapped at each release, and a variant beside it."""

from __future__ import annotations

import logging
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from nlu.choice import chosen
from nlu.message import Message, Proposal
from nlu.ner import load_ner, propose_names
from registry import Registry, RegistryError

KIND = "extractor"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ner:
    """A trained NER under its content hash; without `find` the grammars stand alone."""

    name: str | None
    find: Callable[[Doc], Doc] | None

    def read(self, doc: Doc, message: Message) -> list[Proposal]:
        """The proposals of a message with what this NER adds to them; the message stays."""
        if self.find is None:
            return list(message.proposals)
        doc.set_ents([], default="missing")  # another NER may have read the document before
        return [*message.proposals, *propose_names(self.find(doc), message)]


@dataclass(frozen=True, slots=True)
class Released:
    """What a pointer names, loaded.

    Attributes:
        serving: What answers.
        variant: A second release beside it, or None.
        share: Percent of the messages that get the variant's answer; 0 only compares.
    """

    serving: Ner
    variant: Ner | None = None
    share: int = 0

    def answering(self, text: str) -> Ner:
        """Which of them answers a message; the same one each time."""
        return self.variant if self.variant and ticket(text) < self.share else self.serving

    def read(self, doc: Doc, message: Message) -> list[Proposal]:
        """The proposals of the one that answers; where the other differs, that is logged."""
        answer = self.serving.read(doc, message)
        if self.variant is None:
            return answer
        other = self.variant.read(doc, message)
        self._compare(message.text, answer, other)
        return other if self.answering(message.text) is self.variant else answer

    def _compare(self, text: str, answer: Sequence[Proposal], other: Sequence[Proposal]) -> None:
        ours, theirs = _spans(answer), _spans(other)
        if ours == theirs or self.variant is None:
            return
        log.info(
            "variant %s adds %s and lacks %s of release %s (message %02d)",
            self.variant.name, _kinds(theirs - ours), _kinds(ours - theirs),
            self.serving.name, ticket(text),
        )  # fmt: skip


def ticket(text: str) -> int:
    """A message's lot from 0 to 99: a variant answers those below its share."""
    return zlib.crc32(text.encode("utf-8", "ignore")) % 100


Span = tuple[str, int, int]


def _spans(proposals: Sequence[Proposal]) -> set[Span]:
    return {(p.entity, p.first, p.last) for p in chosen(proposals)}


def _kinds(spans: set[Span]) -> dict[str, int]:
    """How many of each kind; the words of a person stand in no log."""
    return dict(Counter(kind for kind, _, _ in spans))


def load_published(registry: Registry, name: str | None, nlp: Language) -> Ner:
    """A published NER whose files are what its hash names; None is the grammars alone.

    Raises:
        RegistryError: It is unknown or was changed.
        OSError: Its files are no model.
    """
    if name is None:
        return Ner(None, None)
    return Ner(name, load_ner(registry.path(KIND, name), nlp))


class Follower:
    """Holds what the pointer names; looks at it on each message, at the price of one `stat`.

    Args:
        registry: Where released models lie; None follows nothing.
        nlp: The pipeline of the extractor, whose vocabulary the models share.

    Attributes:
        released: What was loaded last.
    """

    def __init__(self, registry: Registry | None, nlp: Language) -> None:
        self._registry = registry
        self._nlp = nlp
        self._stamp: tuple[int, int] | None = None
        self.released = Released(Ner(None, None))

    def follow(self) -> Released:
        """What serves now; a release that cannot be loaded leaves the one before.

        The pipeline may read no message meanwhile: within its memory zone no label would last.
        """
        if self._registry is None:
            return self.released
        stamp = self._registry.stamp(KIND)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self.released = self._load(self._registry)
            except (RegistryError, OSError, ValueError) as error:
                log.error("the released extractor model is not served: %s", error)
        return self.released

    def _load(self, registry: Registry) -> Released:
        pointer = registry.pointer(KIND)
        serving = load_published(registry, pointer.current, self._nlp)
        if pointer.variant is None:
            return Released(serving)
        variant = load_published(registry, pointer.variant.hash, self._nlp)
        return Released(serving, variant, pointer.variant.share)
