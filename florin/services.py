"""The five services of one machine: their ports, what each may know, how each is started."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from florin import engine, language
from florin.processes import Service, free_ports
from florin.settings import ROOT, Settings

ENGINE_DEADLINE_SECONDS = 20
"""A turn's share of the 30 seconds in which every message is answered."""


@dataclass(frozen=True)
class Addresses:
    """Where the services listen; all but the gateway on loopback."""

    gateway: int
    nlu: int
    actions: int
    engine: int
    intake: int

    @classmethod
    def choose(cls, gateway: int) -> "Addresses":
        """Free ports for all but the gateway."""
        return cls(gateway, *free_ports(4))


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _python(name: str, port: int, config: Mapping[str, object], host: str = "127.0.0.1") -> Service:
    environment = engine.child_environment({"FLORIN_SERVICE": json.dumps({**config, "port": port})})
    command = [sys.executable, "-m", "florin.serve", name]
    return Service(name, command, environment, f"http://{host}:{port}/health", ROOT)


def _engine(settings: Settings, at: Addresses, key: str, model: Path) -> Service:
    environment = engine.child_environment(
        {
            "FLORIN_INTERNAL_KEY": key,
            "FLORIN_ENGINE_DEADLINE": str(ENGINE_DEADLINE_SECONDS),
            "FLORIN_ACTIONS_WEBHOOK": f"{_url(at.actions)}/webhook",
            "FLORIN_TRACKER_URL": settings.tracker_url,
        }
    )
    command = [
        str(engine.interpreter(settings.engine_dir)), "serve.py", "run",
        "--model", str(model.resolve()),
        "--port", str(at.engine), "--interface", "127.0.0.1",
        "--endpoints", "endpoints.yml", "--credentials", "credentials.yml",
    ]  # fmt: skip
    health = f"{_url(at.engine)}/webhooks/florin/"
    return Service("engine", command, environment, health, settings.engine_dir)


def services(settings: Settings, at: Addresses, key: str, model: Path) -> list[Service]:
    """The whole stack, each service with the least it must know.

    NLU gets no database, the gateway no models, the engine neither.
    """
    registry = str(settings.registry_dir.resolve())
    uploads = str(settings.uploads_dir.resolve())
    database = settings.database_url
    gateway = {
        "key": key, "database": database, "uploads": uploads, "host": settings.host,
        "nlu": _url(at.nlu), "actions": _url(at.actions), "engine": _url(at.engine),
        "intake": _url(at.intake), "telegram": settings.telegram_token,
        "telegram_base_url": settings.telegram_base_url,
        "embed_origins": settings.embed_origins.split(),
        "telegram_webhook": settings.telegram_webhook, "telegram_secret": settings.telegram_secret,
    }  # fmt: skip
    hour = settings.proactive_hour if settings.proactive else None
    actions = {
        "key": key, "database": database, "proactive_hour": hour,
        "peers_minimum": settings.peers_minimum,
    }  # fmt: skip
    return [
        _engine(settings, at, key, model),
        _python("nlu", at.nlu, {"key": key, "registry": registry}),
        _python("actions", at.actions, actions),
        _python(
            "intake",
            at.intake,
            {
                "key": key,
                "database": database,
                "uploads": uploads,
                "registry": registry,
                "language": language.handed_on(settings),
            },
        ),
        _python("gateway", at.gateway, gateway, settings.local_host),
    ]
