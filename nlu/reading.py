"""A request as JSON, read into what NLU understands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nlu.errors import BadRequestError
from nlu.types import Context, Locale, Previous, Request

_LOCALES: Mapping[Any, Locale] = {"GB": "GB", "US": "US"}


def read_request(body: Any, clock: datetime) -> Request:
    """Read a request; Rasa's own ``{"text", "message_id"}`` is enough.

    Args:
        body: The decoded JSON.
        clock: The time it is, where the request names none.

    Raises:
        BadRequestError: The text is missing, or a field is none of the contract's.
    """
    if not isinstance(body, Mapping) or not isinstance(body.get("text"), str):
        raise BadRequestError('A request is a JSON object with a "text".')
    locale: Locale | None = _LOCALES.get(body.get("locale") or "GB")
    if locale is None:
        raise BadRequestError('The "locale" is GB or US.')
    context = body.get("context")
    if context is not None and not isinstance(context, Mapping):
        raise BadRequestError('The "context" is a JSON object.')
    try:
        now = datetime.fromisoformat(body["now"]) if body.get("now") else clock
        previous = Previous.of(body.get("previous"))
    except (ValueError, TypeError, AttributeError) as error:
        raise BadRequestError(
            'The "now" is an ISO 8601 time, "previous" a turn or a text.'
        ) from error
    return Request(body["text"], now, locale, Context.of(context), previous)
