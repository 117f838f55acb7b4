"""What NLU serves: the released intent model and the extractor, swapped at each release."""

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from encoder.encoder import FOLDER
from nlu.errors import NluError
from nlu.extract import Explained, Extractor
from nlu.intent_fit import sure
from nlu.layers import Layers
from nlu.normalise import normalise
from nlu.released import ticket
from nlu.second import HEAD, load_second
from nlu.settled import settled
from nlu.shortcuts import shortcut
from nlu.types import Entity, Parse, Ranked, Request, Understanding
from registry import Registry, RegistryError
from registry.content import digest_file

log = logging.getLogger(__name__)
_KIND = "intents"


@dataclass(frozen=True)
class Served:
    """What a pointer names, loaded.

    Attributes:
        layers: What answers.
        variant: A second release beside it, or None.
        share: Percent of the messages that get the variant's answer; 0 only compares.
    """

    layers: Layers
    variant: Layers | None = None
    share: int = 0

    def understand(self, request: Request) -> tuple[Understanding, str]:
        """Answer by the release or its variant, and say which; what differs is logged."""
        answer = self.layers.understand(request.text, request.previous)
        if self.variant is None:
            return answer, self.layers.name
        other = self.variant.understand(request.text, request.previous)
        lot = ticket(request.text)
        if answer.intent.name != other.intent.name:
            log.info(
                "variant %s says %s, release %s says %s (message %02d)",
                self.variant.name, other.intent.name, self.layers.name, answer.intent.name, lot,
            )  # fmt: skip
        if lot < self.share:
            return other, self.variant.name
        return answer, self.layers.name


class Nlu:
    """Parses messages with what the registry's pointers name.

    Args:
        registry: Where released models lie.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._served: Served | None = None
        self._second = load_second()
        self._second_name = digest_file(FOLDER / HEAD)[:16] if self._second else None
        self._extractor = Extractor.load(registry.root)
        self._beside = ThreadPoolExecutor(2, thread_name_prefix="entities")
        self.follow()

    def follow(self) -> None:
        """Load the models that the pointer names, if it moved; a broken one leaves the old."""
        stamp = self._registry.stamp(_KIND)
        if stamp == self._stamp:
            return
        with self._lock:
            if stamp == self._stamp:
                return
            try:
                self._served = self._load() or self._served
            except (RegistryError, NluError) as error:
                log.error("the released intent model is not served: %s", error)
            self._stamp = stamp

    def _load(self) -> Served | None:
        folder = self._registry.current(_KIND)
        if folder is None:
            return None
        layers = Layers.load(folder, self._second)
        beside = self._registry.pointer(_KIND).variant
        if beside is None:
            return Served(layers)
        variant = Layers.load(self._registry.path(_KIND, beside.hash), self._second)
        return Served(layers, variant, beside.share)

    @property
    def models(self) -> Mapping[str, str | None]:
        """The content hashes of what serves."""
        served = self._served
        return self._models(served.layers.name if served else None, self._extractor.name)

    def _models(self, intents: str | None, extractor: str | None) -> Mapping[str, str | None]:
        return {"intents": intents, "second": self._second_name, "extractor": extractor}

    def intent(self, request: Request) -> Understanding:
        """The intent of a message."""
        return self._intent(request)[0]

    def _intent(self, request: Request) -> tuple[Understanding, str | None]:
        self.follow()
        served = self._served
        found = shortcut(request.text)
        if found is not None:
            ranked = Ranked(found, 1.0)
            name = served.layers.name if served else None
            return Understanding(ranked, (ranked,), "shortcut"), name
        if served is None:
            return Understanding(Ranked("out_of_scope", 0.0), (), "unsure"), None
        return served.understand(request)

    def entities(self, request: Request) -> list[Entity]:
        """The entities of a message, without knowing its intent."""
        return sure(self._found(request))

    def _found(self, request: Request) -> list[Entity]:
        return self._extractor.extract(
            request.text, request.now, request.locale, request.context, None
        )

    def explain(self, request: Request) -> list[Explained]:
        """Every proposal of the extractor's layers, and why it won or lost."""
        return self._extractor.explain(request)

    def parse(self, request: Request) -> Parse:
        """Intent and entities, found side by side; a shortcut has no entities."""
        if shortcut(request.text) is not None:
            return self._parsed(request, self.intent(request), (), self.models)
        beside = self._beside.submit(self._found, request)
        understanding, model = self._intent(request)
        found = beside.result()
        understanding = settled(
            understanding, request, found, lambda text: self.intent(replace(request, text=text))
        )
        name = understanding.intent.name
        if name == "out_of_scope" and request.previous and request.previous.asked:
            # "200" alone is no question, but it is what a budget waits for.
            name = request.previous.asked
        about = _edited_measure(request, name)
        entities = (
            []
            if name == "out_of_scope"
            else self._extractor.orient(found, name, request.now, about)
        )
        models = self._models(model, self._extractor.answering(request.text))
        return self._parsed(request, understanding, tuple(entities), models)

    def _parsed(
        self,
        request: Request,
        understanding: Understanding,
        entities: tuple[Entity, ...],
        models: Mapping[str, str | None],
    ) -> Parse:
        normal = normalise(request.text)
        served = self._served
        vote = served.layers.vote(normal) if served else None
        return Parse(request.text, understanding, entities, models, normal, vote)


def _edited_measure(request: Request, intent: str) -> str | None:
    """The measure of the question that an elliptical message changes, None for a full one."""
    if intent not in ("refine_query", "show_more") or request.previous is None:
        return None
    measure = (request.previous.query or {}).get("measure")
    return measure if isinstance(measure, str) else None


def open_nlu(registry_root: Path) -> Nlu:
    """NLU over the registry in a folder."""
    return Nlu(Registry(registry_root))


def to_json(parse: Parse) -> dict[str, Any]:
    """The parse of the contract."""
    understanding = parse.understanding
    return {
        "text": parse.text,
        "intent": understanding.intent._asdict(),
        "intent_ranking": [ranked._asdict() for ranked in understanding.ranking],
        "entities": [entity_json(entity) for entity in parse.entities],
        "route": understanding.route,
        "model": "-".join(name[:12] for name in parse.models.values() if name) or None,
        "models": dict(parse.models),
        "normalised": parse.normalised,
        "votes": {
            "teacher": asdict(parse.teacher) if parse.teacher else None,
            "student": [ranked._asdict() for ranked in understanding.ranking[:1]],
        },
    }


def entity_json(entity: Entity) -> dict[str, Any]:
    """An entity of the contract."""
    return {
        "entity": entity.entity,
        "start": entity.start,
        "end": entity.end,
        "value": entity.value,
        "confidence": round(entity.confidence, 4),
        "resolved": entity.resolved,
    }
