"""Layer 4 from an import to the stored rows, against a local server that speaks the protocol."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from endpoint import Budget, Cache, Endpoint, Options
from enrichment.models import Models
from enrichment.questions import ASK_BELOW, Question
from intake.asking import Asker, wording
from intake.enriching import Enricher, enrich_person
from intake.files import Source
from intake.importing import import_files
from intake.service import create_app
from jobs.enrichment import ensure_quick
from jobs.redaction import Redactor
from ledger import people, store, uploads
from ledger.crypto import sign_turn
from ledger.database import reading, writing
from ledger.imports.choices import Choices
from ledger.scope import TurnScope, UserScope
from ledger.types import Person
from ledger.uploads import Upload
from registry import Registry
from tests.enrichment.unsure import unsure_names
from tests.model_server import Answer, Body, ModelServer, Slow, Status, model_server
from tests.models import KEPT

_ROOT = Path(__file__).parent.parent.parent
_NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
Enrich = Callable[..., None]


def _file(words: tuple[str, str]) -> bytes:
    one, other = words
    return f"""Date,Description,Amount
13/01/2026,TESCO STORES 2041 LEEDS,-8.00
14/01/2026,{one} 0771 LEEDS,-21.00
21/01/2026,{one} 0993 LEEDS,-22.50
15/01/2026,{other} LEEDS,-12.00
16/01/2026,Maria Kowalska (Faster Payments) Reference: zorblax,-30.00
""".encode()


@pytest.fixture(scope="module")
def registry() -> Registry:
    registry = Registry(KEPT)
    ensure_quick(registry, _ROOT / "data", lambda _: None)
    return registry


@pytest.fixture(scope="module")
def models(registry: Registry) -> Models:
    found = Enricher(registry).models()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def words(models: Models) -> tuple[str, str]:
    """Two names that say nothing, to this model either."""
    one, other, *_ = unsure_names(models)
    return one, other


class _Ready(Enricher):
    """An enricher whose model is read already."""

    def __init__(self, registry: Registry, models: Models, asker: Asker | None = None) -> None:
        super().__init__(registry, asker)
        self._ready = models

    def models(self) -> Models:
        return self._ready


@pytest.fixture
def enrich(engine: Engine, registry: Registry, models: Models) -> Enrich:
    def run(scope: UserScope, asker: Asker | None = None) -> None:
        enricher = _Ready(registry, models, asker)
        found = enricher.enrich(engine, scope)
        assert found is not None
        enricher.ask(engine, scope, found.questions, _NOW)

    return run


def _person(engine: Engine) -> UserScope:
    person = Person(f"p-{secrets.token_hex(4)}", "Ada Ng", "GB", "GBP", "GB", "Europe/London")
    with writing(engine) as connection:
        people.create_person(connection, person, _NOW)
    return UserScope(person.id)


@pytest.fixture
def scope(engine: Engine, tmp_path: Path, words: tuple[str, str]) -> UserScope:
    scope = _person(engine)
    _import(engine, scope, tmp_path, words)
    return scope


def _import(engine: Engine, scope: UserScope, folder: Path, words: tuple[str, str]) -> None:
    file = folder / f"{scope.person_id}.csv"
    file.write_bytes(_file(words))
    choices = Choices.from_mapping({})
    [report] = import_files(engine, scope, [Source(file, file.name)], choices, at=_NOW)
    assert report.added == 5


def _lines(body: dict[str, Any]) -> list[dict[str, Any]]:
    return list(json.loads(body["messages"][-1]["content"]))


def _answers(category: str = "shopping.jewellery", sure: float = 0.9) -> Answer:
    def answer(body: dict[str, Any]) -> Any:
        lines = _lines(body)
        return {"answers": [{"n": li["n"], "category": category, "sure": sure} for li in lines]}

    return answer


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server(_answers("shopping.clothing")) as running:
        yield running


def _asker(server: ModelServer, folder: Path, daily: int = 1_000_000) -> Asker:
    path = folder / "endpoint.db"
    options = Options(server.base_url, "m", timeout_seconds=0.4, tries=2)
    endpoint = Endpoint(options, Budget(path, daily), lambda _: None)
    return Asker(endpoint, Cache(path, wording("m")), lambda names: Redactor(names).redact)


def _rows(engine: Engine, scope: UserScope) -> dict[str, Any]:
    with reading(engine) as connection:
        said = {row.id: row.description for row in store.transactions(connection, scope)}
        found = store.enriched(connection, scope)
    return {said[row.transaction_id]: row for row in found}


def test_unsure_rows_are_asked_once_and_filed(
    engine: Engine,
    registry: Registry,
    scope: UserScope,
    server: ModelServer,
    tmp_path: Path,
    *,
    enrich: Enrich,
    words: tuple[str, str],
) -> None:
    asker = _asker(server, tmp_path)
    assert enrich_person(engine, registry, scope, asker, _NOW)
    rows = _rows(engine, scope)
    asked = [row for row in rows.values() if row.category_source == "llm"]
    assert {row.category for row in asked} == {"shopping.clothing"}
    assert all(ASK_BELOW < row.category_confidence <= 0.8 for row in asked)
    assert rows["TESCO STORES 2041 LEEDS"].category_source != "llm"
    both = [row for said, row in rows.items() if said.startswith(words[0])]
    assert [row.category_source for row in both] == ["llm", "llm"]
    [sent] = server.requests
    texts = [line["text"] for line in _lines(sent)]
    assert len(texts) == len(set(texts))

    other = _person(engine)
    _import(engine, other, tmp_path, words)
    enrich(other, asker)
    assert len(server.requests) == 1
    assert [r.category_source for s, r in _rows(engine, other).items() if words[1] in s] == ["llm"]


def test_no_name_and_no_number_leaves(
    enrich: Enrich,
    scope: UserScope,
    server: ModelServer,
    tmp_path: Path,
    words: tuple[str, str],
) -> None:
    enrich(scope, _asker(server, tmp_path))
    sent = " ".join(server.asked).casefold()
    assert words[0].casefold().split()[0] in sent
    assert not any(word in sent for word in ("kowalska", "maria", "0771", "2041", "ada"))


def test_names_that_only_the_ledger_knows_do_not_leave(
    engine: Engine, registry: Registry, models: Models, server: ModelServer, tmp_path: Path
) -> None:
    person = Person(f"p-{secrets.token_hex(4)}", "Ada Wetherall", "GB", "GBP", "GB", "UTC")
    with writing(engine) as connection:
        people.create_person(connection, person, _NOW)
    line = Question("zorblax wetherall", False, "GBP", "")
    enricher = _Ready(registry, models, _asker(server, tmp_path))
    enricher.ask(engine, UserScope(person.id), [line], _NOW)
    assert [line["text"] for line in _lines(server.requests[0])] == ["zorblax <NAME>"]


def test_a_line_that_is_only_a_name_is_not_asked(server: ModelServer, tmp_path: Path) -> None:
    question = Question("sarah connor", False, "USD", "")
    assert _asker(server, tmp_path).ask([question], _NOW) == {}
    assert server.requests == []


def test_lines_whose_answer_is_of_no_use_keep_no_others_from_being_asked(
    server: ModelServer, tmp_path: Path
) -> None:
    questions = [Question(f"zorblax {chr(97 + n)}", False, "GBP", "") for n in range(25)]
    server.next = [Body(b"{}"), Body(b"{}")]
    answers = _asker(server, tmp_path).ask(questions, _NOW)
    assert list(answers) == questions[20:]


@pytest.mark.parametrize(
    "mishaps",
    [
        [Status(500)] * 2,
        [Status(429)] * 2,
        [Status(401)],
        [Slow(0.8)] * 2,
        [Body(b"no JSON")] * 2,
    ],
    ids=["fails", "busy", "refused", "slow", "wrong"],
)
def test_without_an_answer_what_stood_stands_and_is_unsure(
    engine: Engine,
    enrich: Enrich,
    scope: UserScope,
    server: ModelServer,
    tmp_path: Path,
    *,
    words: tuple[str, str],
    mishaps: list[Status | Slow | Body],
) -> None:
    enrich(scope)
    before = _rows(engine, scope)
    server.next = list(mishaps)  # the server takes from it, and it is used for both databases
    enrich(scope, _asker(server, tmp_path))
    assert _rows(engine, scope) == before
    unsure = before[f"{words[1]} LEEDS"]
    assert unsure.category_confidence < ASK_BELOW


def test_over_budget_nothing_is_sent(
    engine: Engine, enrich: Enrich, scope: UserScope, server: ModelServer, tmp_path: Path
) -> None:
    enrich(scope, _asker(server, tmp_path, daily=1_000))
    assert server.requests == []
    assert all(row.category_source != "llm" for row in _rows(engine, scope).values())


@pytest.mark.parametrize(
    ("category", "sure"),
    [
        ("income.pay.salary", 0.9),
        ("services.uncategorised", 0.9),
        ("no.such.category", 0.9),
        ("shopping.clothing", 0.0),
    ],
)
def test_an_answer_that_cannot_be_or_says_less_is_left(
    engine: Engine,
    enrich: Enrich,
    scope: UserScope,
    tmp_path: Path,
    *,
    category: str,
    sure: float,
) -> None:
    with model_server(_answers(category, sure)) as server:
        asker = _asker(server, tmp_path)
        enrich(scope, asker)
        assert all(row.category_source != "llm" for row in _rows(engine, scope).values())
        # It is not asked again either.
        enrich(scope, asker)
        assert len(server.requests) == 1


def test_an_import_does_not_wait_for_the_model(
    engine: Engine,
    database_url: str,
    registry: Registry,
    server: ModelServer,
    tmp_path: Path,
    *,
    words: tuple[str, str],
) -> None:
    server.next = [Slow(0.3)]
    scope = _person(engine)
    app = create_app(
        database_url=database_url,
        key="k",
        uploads=tmp_path,
        registry=registry.root,
        asker=_asker(server, tmp_path),
    )
    (tmp_path / "up-1").write_bytes(_file(words))
    upload = Upload(
        "up-1", scope.person_id, None, "b.csv", "0" * 64, len(_file(words)), "stored", _NOW
    )
    with writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM uploads")
        uploads.add(connection, upload)
    token = sign_turn("k", TurnScope(scope.person_id, "c", "t", _NOW))
    body = {"scope": token, "upload_id": "up-1", "choices": {}}
    found = TestClient(app).post("/imports", json=body, headers={"x-florin-key": "k"}).json()
    assert found["enriched"] is True
    assert all(row.category_source != "llm" for row in _rows(engine, scope).values())
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if any(row.category_source == "llm" for row in _rows(engine, scope).values()):
            return
        time.sleep(0.05)
    raise AssertionError("the answers were not stored")


def test_without_an_endpoint_nothing_is_asked(
    engine: Engine, registry: Registry, scope: UserScope, models: Models
) -> None:
    enricher = _Ready(registry, models)
    found = enricher.enrich(engine, scope)
    assert found is not None
    assert found.questions
    assert not enricher.ask(engine, scope, found.questions, _NOW)
