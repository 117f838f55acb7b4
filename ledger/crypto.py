"""Signed turn scopes and one-time link codes."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from ledger.errors import ScopeError
from ledger.scope import TurnScope

MAX_AGE_S = 300
"""A turn is answered within 30 s; ten times that leaves room for slow imports, not for theft."""


def _serializer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        key, salt="florin.turn", signer_kwargs={"digest_method": hashlib.sha256}
    )


def sign_turn(key: str, turn: TurnScope) -> str:
    """Sign what the gateway knows of a turn, so that no other process can name a person.

    Args:
        key: The internal key, shared by the services of one installation.
        turn: The turn; ``now`` must be aware.
    """
    body = [turn.person_id, turn.conversation_id, turn.turn_id, turn.now.isoformat()]
    return str(_serializer(key).dumps(body))


def open_turn(key: str, token: str, max_age_s: int = MAX_AGE_S) -> TurnScope:
    """Open a token of `sign_turn`.

    Raises:
        ScopeError: The token is forged, damaged or older than ``max_age_s`` seconds.
    """
    try:
        body: Any = _serializer(key).loads(token, max_age=max_age_s)
        person_id, conversation_id, turn_id, now = body
        return TurnScope(person_id, conversation_id, turn_id, datetime.fromisoformat(now))
    except (BadData, ValueError, TypeError) as error:
        raise ScopeError("This turn's token is forged, damaged or too old.") from error


def new_code() -> str:
    """A one-time code of 128 random bits that fits a link (Telegram takes 64 characters)."""
    return secrets.token_urlsafe(16)


def hash_code(code: str) -> str:
    """What the database keeps of a code. A plain hash does: the code has 128 random bits."""
    return hashlib.sha256(code.encode()).hexdigest()


def new_id(prefix: str) -> str:
    """A random id such as ``conv-1f0c…`` that nobody can guess."""
    return f"{prefix}-{secrets.token_hex(8)}"
