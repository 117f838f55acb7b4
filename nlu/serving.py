"""What NLU serves: the released intent model and the extractor, swapped at each release."""

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from nlu.errors import NluError
from nlu.extract import Explained, Extractor
from nlu.intents import IntentModel
from nlu.shortcuts import shortcut
from nlu.types import Entity, Parse, Ranked, Request, Understanding
from registry import Registry, RegistryError

log = logging.getLogger(__name__)
_KIND = "intents"


class Nlu:
    """Parses messages with what the registry's pointers name.

    Args:
        registry: Where released models lie.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._model: IntentModel | None = None
        self._extractor = Extractor.load(registry.root)
        self._beside = ThreadPoolExecutor(2, thread_name_prefix="entities")
        self.follow()

    def follow(self) -> None:
        """Load the model that the pointer names, if it moved; a broken one leaves the old."""
        stamp = self._registry.stamp(_KIND)
        if stamp == self._stamp:
            return
        with self._lock:
            if stamp == self._stamp:
                return
            try:
                folder = self._registry.current(_KIND)
                self._model = IntentModel.load(folder) if folder else self._model
            except (RegistryError, NluError) as error:
                log.error("the released intent model is not served: %s", error)
            self._stamp = stamp

    @property
    def models(self) -> Mapping[str, str | None]:
        """The content hashes of what serves."""
        model = self._model
        return {"intents": model.name if model else None, "second": None, "extractor": None}

    def intent(self, request: Request) -> Understanding:
        """The intent of a message."""
        self.follow()
        found = shortcut(request.text)
        if found is not None:
            ranked = Ranked(found, 1.0)
            return Understanding(ranked, (ranked,), "shortcut")
        model = self._model
        if model is None:
            return Understanding(Ranked("out_of_scope", 0.0), (), "unsure")
        return model.understand(request.text, request.previous)

    def entities(self, request: Request) -> list[Entity]:
        """The entities of a message, without knowing its intent."""
        return self._extractor.extract(
            request.text, request.now, request.locale, request.context, None
        )

    def explain(self, request: Request) -> list[Explained]:
        """Every proposal of the extractor's layers, and why it won or lost."""
        return self._extractor.explain(
            request.text, request.now, request.locale, request.context, None
        )

    def parse(self, request: Request) -> Parse:
        """Intent and entities, found side by side; a shortcut has no entities."""
        if shortcut(request.text) is not None:
            return Parse(request.text, self.intent(request), (), self.models)
        beside = self._beside.submit(self.entities, request)
        understanding = self.intent(request)
        name = understanding.intent.name
        found = beside.result()
        entities = (
            [] if name == "out_of_scope" else self._extractor.orient(found, name, request.now)
        )
        return Parse(request.text, understanding, tuple(entities), self.models)


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
