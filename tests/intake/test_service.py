"""The intake service: an upload by its id, for the person of a signed turn."""

import os
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from intake.service import create_app
from ledger import people, store, uploads
from ledger.crypto import sign_turn
from ledger.database import reading, writing
from ledger.scope import TurnScope, UserScope
from ledger.types import Person
from ledger.uploads import Upload

KEY = "internal"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
GOOD = b"Date,Description,Amount\n13/01/2026,Tesco,-1.00\n99/99/2026,x,-2.00\n"
UNCLEAR = b"Date;Description;Amount\n03/04/2026;Tesco;-1.234\n"
Post = Callable[..., Any]


@pytest.fixture
def scope(engine: Engine) -> UserScope:
    person = Person(f"p-{secrets.token_hex(4)}", "P", "GB", "GBP", "GB", "Europe/London")
    with writing(engine) as connection:
        people.create_person(connection, person, NOW)
    return UserScope(person.id)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def client(database_url: str, folder: Path) -> TestClient:
    app = create_app(
        database_url=database_url, key=KEY, uploads=folder, registry=folder / "registry"
    )
    return TestClient(app)


def keep(engine: Engine, folder: Path, scope: UserScope, data: bytes) -> str:
    id_ = f"up-{secrets.token_hex(4)}"
    (folder / id_).write_bytes(data)
    with writing(engine) as connection:
        uploads.add(connection, Upload(id_, scope.person_id, None, "bank.csv", "0" * 64, len(data),
                                       "stored", NOW))  # fmt: skip
    return id_


def token(scope: UserScope) -> str:
    return sign_turn(KEY, TurnScope(scope.person_id, "c", "t", NOW))


@pytest.fixture
def post(client: TestClient, scope: UserScope) -> Post:
    def send(upload_id: str, choices: dict[str, str] | None = None, **changed: str) -> Any:
        body = {"scope": token(scope), "upload_id": upload_id, "choices": choices or {}} | changed
        return client.post("/imports", json=body, headers={"x-florin-key": KEY})

    return send


def test_health(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}


def test_an_upload_is_imported_once(
    engine: Engine, folder: Path, scope: UserScope, post: Post
) -> None:
    id_ = keep(engine, folder, scope, GOOD)
    found = post(id_).json()
    assert (found["added"], found["matched"], found["held"], found["rejected"]) == (1, 0, 0, 1)
    assert [(row["line"], row["outcome"]) for row in found["rows"]] == [(3, "rejected")]
    assert found["enriched"] is False
    assert not (folder / id_).exists()
    assert post(id_).json() == found
    with reading(engine) as connection:
        assert len(store.transactions(connection, scope)) == 1


def test_questions_are_answered_one_after_the_other(
    engine: Engine, folder: Path, scope: UserScope, post: Post
) -> None:
    id_ = keep(engine, folder, scope, UNCLEAR)
    asked = post(id_).json()
    assert asked["field"] == "date_order"
    again = post(id_, asked["choices"][0]["choices"]).json()
    assert again["field"] == "decimal"
    with reading(engine) as connection:
        assert store.transactions(connection, scope) == []
    assert (folder / id_).exists()
    done = post(id_, again["choices"][1]["choices"]).json()
    assert done["added"] == 1
    assert not (folder / id_).exists()
    with reading(engine) as connection:
        row = store.transactions(connection, scope)[0]
    assert (row.booked.isoformat(), row.minor) == ("2026-04-03", -123_400)


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04", b"Date,Description,Amount\n1/13/2026,x,NaN\n", b"hi"]
)
def test_a_refused_file_is_one_sentence_and_nothing_is_stored(
    engine: Engine, folder: Path, scope: UserScope, post: Post, data: bytes
) -> None:
    id_ = keep(engine, folder, scope, data)
    answer = post(id_)
    assert answer.status_code == 422
    assert answer.json()["error"].endswith(".")
    assert not (folder / id_).exists()
    again = post(id_)
    assert again.status_code == 422
    assert "send it again" in again.json()["error"]
    with reading(engine) as connection:
        assert store.accounts(connection, scope) == []


def test_a_late_upload_stays_late_until_its_sender_was_told(
    engine: Engine, folder: Path, scope: UserScope, post: Post
) -> None:
    late, other = (keep(engine, folder, scope, GOOD) for _ in range(2))
    with writing(engine) as connection:
        uploads.set_state(connection, scope, late, "late")
    for id_ in (late, other):
        post(id_)
    with reading(engine) as connection:
        states = [uploads.get(connection, scope, id_).state for id_ in (late, other)]
    assert states == ["late", "done"]


def test_files_nobody_asked_for_in_a_day_go_when_the_service_starts(
    database_url: str, tmp_path: Path
) -> None:
    old, young = tmp_path / "old", tmp_path / "young"
    for path, hours in ((old, 25), (young, 23)):
        path.touch()
        changed = time.time() - hours * 3600
        os.utime(path, (changed, changed))
    create_app(database_url=database_url, key=KEY, uploads=tmp_path, registry=tmp_path / "none")
    assert (old.exists(), young.exists()) == (False, True)


def test_nobody_imports_another_persons_upload(
    engine: Engine, folder: Path, scope: UserScope, post: Post
) -> None:
    other = keep(engine, folder, scope, GOOD)
    with writing(engine) as connection:
        stranger = Person(f"s-{scope.person_id}", "S", "GB", "GBP", "GB", "Europe/London")
        people.create_person(connection, stranger, NOW)
    assert post(other, scope=token(UserScope(stranger.id))).status_code == 404


def test_a_mistake_inside_is_one_sentence_and_logs_no_line_of_the_file(
    *,
    engine: Engine,
    folder: Path,
    scope: UserScope,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("13/01/2026,Tesco,-1.00")

    monkeypatch.setattr("intake.service.import_files", fail)
    answer = post(keep(engine, folder, scope, GOOD))
    assert answer.status_code == 500
    assert answer.json()["error"].endswith(".")
    assert "RuntimeError" in caplog.text
    assert "Tesco" not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("upload_id", ["../florin.db", "/etc/passwd", "a/b", ""])
def test_an_upload_is_named_by_an_id_and_never_by_a_path(post: Post, upload_id: str) -> None:
    assert post(upload_id).status_code == 422


def test_key_and_token_are_needed(
    engine: Engine, folder: Path, scope: UserScope, post: Post, client: TestClient
) -> None:
    id_ = keep(engine, folder, scope, GOOD)
    assert post(id_, scope="forged").status_code == 403
    body = {"scope": token(scope), "upload_id": id_}
    assert client.post("/imports", json=body).status_code == 403
    assert client.post("/imports", json=body, headers={"x-florin-key": "no"}).status_code == 403


def test_a_choice_that_does_not_exist_is_refused(
    engine: Engine, folder: Path, scope: UserScope, post: Post
) -> None:
    id_ = keep(engine, folder, scope, GOOD)
    assert post(id_, {"date_order": "sideways"}).status_code == 422
    assert post(id_, {"default_currency": "USD"}).status_code == 422
