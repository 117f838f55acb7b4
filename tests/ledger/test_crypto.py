"""A turn's token cannot be made, changed or kept."""

from datetime import UTC, datetime

import pytest

from ledger.crypto import hash_code, new_code, open_turn, sign_turn
from ledger.errors import ScopeError
from ledger.scope import TurnScope, UserScope

TURN = TurnScope("maya", "conv-1", "turn-1", datetime(2026, 11, 10, 9, tzinfo=UTC))


def test_a_token_gives_back_the_turn() -> None:
    assert open_turn("key", sign_turn("key", TURN)) == TURN
    assert TURN.user == UserScope("maya")


def signed_otherwise(token: str) -> str:
    """Another signature; its last character holds bits that count for nothing."""
    return f"{token[:-5]}{'A' if token[-5] != 'A' else 'B'}{token[-4:]}"


@pytest.mark.parametrize("change", [signed_otherwise, lambda t: "x" + t, lambda t: "", str.upper])
def test_a_changed_token_is_refused(change: object) -> None:
    with pytest.raises(ScopeError):
        open_turn("key", change(sign_turn("key", TURN)))  # type: ignore[operator]


def test_another_key_and_an_old_token_are_refused() -> None:
    token = sign_turn("key", TURN)
    with pytest.raises(ScopeError):
        open_turn("other", token)
    with pytest.raises(ScopeError):
        open_turn("key", token, max_age_s=-1)


def test_codes_are_unlike_and_kept_hashed() -> None:
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(len(hash_code(code)) == 64 and code not in hash_code(code) for code in codes)


def test_there_is_no_empty_scope() -> None:
    with pytest.raises(ValueError, match="person"):
        UserScope("")
