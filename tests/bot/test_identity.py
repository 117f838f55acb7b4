"""One-time links and codes."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from bot.errors import TooManyAttemptsError
from bot.identity import (
    LINK_LIFE,
    TELEGRAM,
    WEB,
    Attempts,
    Identity,
    issue_link,
    issue_telegram_code,
    looks_like_code,
    session_account,
)
from bot.store import Store
from ledger import tables
from ledger.database import reading
from ledger.errors import LinkError, UnknownPersonError
from tests.bot.conftest import now


def bind(database: Engine, channel: str, code: str, later: timedelta = timedelta()) -> str:
    identity = Identity(Store(database), lambda: now() + later)
    return asyncio.run(identity.bind(channel, "account-1", code, "account-1")).id


def test_a_code_binds_once(database: Engine) -> None:
    code = issue_telegram_code(database, "maya", now())
    assert bind(database, TELEGRAM, code) == "maya"
    with pytest.raises(LinkError):
        bind(database, TELEGRAM, code)


def test_codes_run_out(database: Engine) -> None:
    with pytest.raises(LinkError):
        bind(database, TELEGRAM, issue_telegram_code(database, "maya", now()), timedelta(hours=1))
    code = issue_link(database, "maya", now(), "http://x").rsplit("/", 1)[-1]
    with pytest.raises(LinkError):
        bind(database, WEB, code, LINK_LIFE + timedelta(seconds=1))


def test_the_database_knows_no_code_and_no_cookie(database: Engine) -> None:
    code = issue_telegram_code(database, "maya", now())
    with reading(database) as connection:
        kept = connection.execute(select(tables.link_codes)).one()
    assert code not in map(str, kept)
    assert session_account("cookie") != "cookie"


def test_nobody_unknown_gets_a_link(database: Engine) -> None:
    with pytest.raises(UnknownPersonError):
        issue_link(database, "nobody", now(), "http://x")


def test_a_code_fits_telegrams_start(database: Engine) -> None:
    code = issue_telegram_code(database, "maya", now())
    assert looks_like_code(f" {code} ")
    assert len(code) <= 64
    assert not looks_like_code("how much at tesco")


def test_wrong_codes_are_counted_per_account_and_over_all_and_forgotten() -> None:
    time = [0.0]
    attempts = Attempts(lambda: time[0])
    for _ in range(5):
        attempts.check("a")
        attempts.failed("a")
    with pytest.raises(TooManyAttemptsError):
        attempts.check("a")
    attempts.check("b")
    for number in range(100):
        attempts.failed(f"other {number}")
    with pytest.raises(TooManyAttemptsError):
        attempts.check("b")
    time[0] = 901.0
    attempts.check("a")
