"""`florin parse`: what NLU makes of messages."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from florin.errors import FlorinError
from florin.settings import Settings

if TYPE_CHECKING:
    from nlu.serving import Nlu
    from nlu.types import Request


class ParseInputError(FlorinError):
    """Lines of the input were no requests."""


def parse(
    now: Annotated[str | None, typer.Option(help="The time it is, ISO 8601.")] = None,
    locale: Annotated[str, typer.Option(help="GB or US, how dates are written.")] = "GB",
    *,
    explain: Annotated[
        bool, typer.Option("--explain", help="Each layer's proposals, and why one won.")
    ] = False,
) -> None:
    """Read JSON Lines ({"id", "text", "previous"?, "now"?, "locale"?, "context"?}), print them."""
    import orjson

    from jobs.intents import ensure_quick
    from nlu.errors import BadRequestError
    from nlu.reading import read_request
    from nlu.serving import Nlu, to_json
    from registry import Registry

    settings = Settings()
    registry = Registry(settings.registry_dir)
    ensure_quick(registry, settings.data_dir, lambda line: print(line, file=sys.stderr))
    nlu = Nlu(registry)
    bad = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            body = orjson.loads(line)
            given = {"now": now, "locale": locale, **body}
            request = read_request(given, datetime.now(UTC))
        except (orjson.JSONDecodeError, BadRequestError, TypeError) as error:
            bad += 1
            print(f"Line {number}: {error}", file=sys.stderr)
            answer: dict[str, Any] = {"error": str(error)}
        else:
            answer = {"id": body.get("id"), **to_json(nlu.parse(request))}
            if explain:
                answer["layers"] = _layers(nlu, request)
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
        sys.stdout.buffer.flush()
    if bad:
        raise ParseInputError(f"{bad} lines of the input were no requests; see above.")


def _layers(nlu: "Nlu", request: "Request") -> list[dict[str, Any]]:
    from dataclasses import asdict

    return [asdict(proposal) for proposal in nlu.explain(request)]
