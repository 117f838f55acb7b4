"""The client: one question in, one answer of a given shape out, or an error that says why not."""

import json
import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from endpoint.budget import Budget
from endpoint.errors import (
    BadReplyError,
    EndpointBusyError,
    EndpointDownError,
    EndpointError,
    EndpointRefusedError,
    EndpointSlowError,
)

Shape = TypeVar("Shape", bound=BaseModel)

_CHARACTERS = 3
"""Of a token, at the least, in text like ours; real ones have about four."""
_MOST_BYTES = 4_000_000
_LONGEST_WAIT_SECONDS = 20.0


@dataclass(frozen=True)
class Options:
    """Where the model is and what it may take.

    Attributes:
        base_url: Up to and without `/chat/completions`, such as `https://host/v1`.
        model: Its name there.
        key: Sent as a bearer token; empty for an endpoint that needs none.
        timeout_seconds: For one request, from the first byte sent to the last one read.
        tries: How often a question is asked before it is given up.
    """

    base_url: str
    model: str
    key: str = ""
    timeout_seconds: float = 30.0
    tries: int = 3


@dataclass(frozen=True)
class Reply(Generic[Shape]):
    """An answer with what it took.

    Attributes:
        value: The answer, valid in its shape.
        tokens_in: Tokens of the prompt.
        tokens_out: Tokens of the reply.
    """

    value: Shape
    tokens_in: int
    tokens_out: int


def tokens_of(*texts: str) -> int:
    """How many tokens texts take, rather too many than too few."""
    return sum(len(text) // _CHARACTERS + 1 for text in texts)


@cache
def _certificates() -> ssl.SSLContext:
    """The trusted certificates; reading them takes longer than a request."""
    return httpx.create_ssl_context()


class Endpoint:
    """A large language model behind an OpenAI-compatible address.

    Args:
        options: Where it is.
        budget: What a day may cost.
        sleep: Waits so many seconds between tries.
    """

    def __init__(
        self, options: Options, budget: Budget, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.options = options
        self._budget = budget
        self._sleep = sleep
        self._client = httpx.Client(timeout=options.timeout_seconds, verify=_certificates())

    def ask(
        self, system: str, user: str, shape: type[Shape], *, most_tokens: int, at: datetime
    ) -> Reply[Shape]:
        """Ask until an answer of the right shape comes or the tries are used up.

        Args:
            system: What the model is to do; the same for like questions, so that an endpoint may
                keep it.
            user: The question.
            shape: The answer's shape; the endpoint is given its JSON schema.
            most_tokens: Of the reply.
            at: Now; its day pays.

        Raises:
            OverBudgetError: The day's tokens are spent.
            EndpointError: No answer, see `endpoint.errors`.
        """
        body = _body(self.options.model, system, user, shape, most_tokens)
        aside = tokens_of(system, user) + most_tokens
        for attempt in range(1, self.options.tries + 1):
            self._budget.set_aside(at.date(), aside)
            used = 0
            try:
                raw = self._send(body)
                used = raw.tokens or aside
                return _read(raw, shape, system, user)
            except EndpointRefusedError:
                raise
            except EndpointError as error:
                if isinstance(error, EndpointSlowError):
                    used = aside
                if attempt == self.options.tries:
                    raise
                pause = _pause(attempt, error)
            finally:
                self._budget.settle(at.date(), aside, used)
            self._sleep(pause)
        raise AssertionError("a question is asked at least once")

    def _send(self, body: bytes) -> "_Raw":
        deadline = time.monotonic() + self.options.timeout_seconds
        headers = {"content-type": "application/json"}
        if self.options.key:
            headers["authorization"] = f"Bearer {self.options.key}"
        url = f"{self.options.base_url.rstrip('/')}/chat/completions"
        try:
            with self._client.stream("POST", url, content=body, headers=headers) as response:
                content = _content(response, deadline)
        except httpx.TimeoutException:
            raise _too_slow(self.options.timeout_seconds) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EndpointDownError(
                f"The language model cannot be reached ({type(error).__name__}); "
                "FLORIN_LLM_BASE_URL says where it is."
            ) from None
        if content is None:
            raise _too_slow(self.options.timeout_seconds)
        _check(response)
        return _Raw.of(content)


def _too_slow(seconds: float) -> EndpointSlowError:
    return EndpointSlowError(f"The language model did not answer within {seconds:g} seconds.")


def _body(model: str, system: str, user: str, shape: type[BaseModel], most_tokens: int) -> bytes:
    schema = {"name": shape.__name__, "strict": True, "schema": shape.model_json_schema()}
    return json.dumps(
        {
            "model": model,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": user},
            ],
            "response_format": {"type": "json_schema", "json_schema": schema},
            "temperature": 0,
            "max_tokens": most_tokens,
        },
        ensure_ascii=False,
    ).encode()


def _content(response: httpx.Response, deadline: float) -> bytes | None:
    """The whole body; None where it drips in too slowly."""
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_bytes():
        size += len(piece)
        if time.monotonic() > deadline:
            return None
        if size > _MOST_BYTES:
            raise BadReplyError("The language model's reply has no end.")
        pieces.append(piece)
    return b"".join(pieces)


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status == 429:
        wait = response.headers.get("retry-after", "")
        raise EndpointBusyError(float(wait) if wait.isdecimal() else 0.0)
    if status >= 500:
        raise EndpointDownError(f"The language model failed ({status}).")
    if status != 200:
        raise EndpointRefusedError(
            f"The language model does not take the request ({status}); look at "
            "FLORIN_LLM_BASE_URL, FLORIN_LLM_MODEL and FLORIN_LLM_KEY."
        )


def _pause(attempt: int, error: EndpointError) -> float:
    """Seconds until the next try: what the endpoint asks for, else more each time."""
    if isinstance(error, EndpointBusyError) and error.wait_seconds:
        return min(_LONGEST_WAIT_SECONDS, error.wait_seconds)
    spread = random.uniform(0.5, 1.0)  # noqa: S311 - spreads callers, keeps no secret
    return min(_LONGEST_WAIT_SECONDS, spread * 2.0**attempt)


@dataclass(frozen=True)
class _Raw:
    """A reply of the protocol before its content is read.

    Attributes:
        content: What the model wrote; None where it wrote nothing or declined.
        tokens_in: Of the prompt, 0 where the endpoint does not count.
        tokens_out: Of the reply.
    """

    content: str | None
    tokens_in: int
    tokens_out: int

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out

    @classmethod
    def of(cls, raw: bytes) -> Self:
        try:
            found = json.loads(raw)
            content = found["choices"][0]["message"]["content"]
            usage: Mapping[str, Any] = found.get("usage") or {}
            tokens = [int(usage.get(f"{part}_tokens") or 0) for part in ("prompt", "completion")]
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            raise BadReplyError("The language model's reply is not of the protocol.") from None
        return cls(content if isinstance(content, str) else None, *tokens)


def _read(raw: _Raw, shape: type[Shape], system: str, user: str) -> Reply[Shape]:
    if raw.content is None:
        raise BadReplyError("The language model declined to answer.")
    try:
        value = shape.model_validate_json(raw.content)
    except ValidationError:
        raise BadReplyError("The language model's answer is not of the wanted shape.") from None
    return Reply(
        value,
        raw.tokens_in or tokens_of(system, user),
        raw.tokens_out or tokens_of(raw.content),
    )
