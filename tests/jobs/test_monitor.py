import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from endpoint import Budget, Endpoint, Options
from enrichment.models import Models, load
from intake.enriching import enrich_person
from intake.files import Source
from intake.importing import import_files
from jobs.drift import INPUTS, Seen, Shift, Week, shifts, stability
from jobs.enrichment import ensure_quick
from jobs.enrichment_text import read_silver
from jobs.judge import Agreement, Claim, sample
from jobs.monitor import Monitored, monday_of, monitor, training_of
from jobs.monitor_report import write
from jobs.redaction import Redactor
from ledger import people
from ledger.database import migrate, open_engine, writing
from ledger.imports.choices import Choices
from ledger.scope import UserScope
from ledger.types import Person
from registry import Registry
from tests.model_server import Status, model_server
from tests.models import KEPT

_ROOT = Path(__file__).parent.parent.parent
_NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
_MONDAY = date(2026, 11, 23)
_COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 500), min_size=1)


@given(_COUNTS, _COUNTS)
def test_stability_is_never_negative_and_the_same_both_ways(
    one: dict[str, int], other: dict[str, int]
) -> None:
    index, chance = stability(one, other)
    assert index >= 0
    assert chance >= 0
    assert stability(other, one)[0] == pytest.approx(index)
    assert stability(one, one)[0] == pytest.approx(0)


def test_a_known_index() -> None:
    index, _ = stability({"a": 500_000, "b": 500_000}, {"a": 250_000, "b": 750_000})
    assert index == pytest.approx(0.2747, abs=1e-3)


def test_few_rows_are_no_alarm() -> None:
    few = [Seen({"rail": rail}) for rail in ("card", "person")]
    many = [Seen({"rail": "card"})] * 900 + [Seen({"rail": "person"})] * 100
    [shift] = shifts(["rail"], few, many)
    assert shift.index > 0.25
    assert not shift.large
    moved = [Seen({"rail": "ach"})] * 300 + [Seen({"rail": "card"})] * 700
    [shift] = shifts(["rail"], moved, many)
    assert shift.large


def test_a_sample_has_all_layers_and_is_the_same_each_time() -> None:
    claims = [Claim(f"t{n}", False, "x", "trees") for n in range(100)]
    claims += [Claim(f"r{n}", False, "x", "rule") for n in range(3)]
    drawn = sample(claims, 20, 1)
    assert len(drawn) == 20
    assert sum(claim.layer == "rule" for claim in drawn) == 3
    assert drawn == sample(claims, 20, 1)
    assert len(sample(claims, 1_000, 1)) == 103


def test_an_interval_is_wide_where_little_was_judged() -> None:
    low, high = Agreement(9, 10, 0).interval
    assert (low, high) == (pytest.approx(0.596, abs=0.01), pytest.approx(0.982, abs=0.01))
    assert Agreement(0, 0, 4).interval == (0.0, 1.0)


@pytest.fixture(scope="module")
def registry() -> Registry:
    registry = Registry(KEPT)
    ensure_quick(registry, _ROOT / "data", lambda _: None)
    return registry


@pytest.fixture(scope="module")
def models(registry: Registry) -> Models:
    folder = registry.current("enrichment")
    assert folder is not None
    return load(folder)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Iterator[Engine]:
    """Shops in one week; the week after, the same shops, a new one and a name."""
    folder = tmp_path_factory.mktemp("monitor")
    url = f"sqlite:///{folder / 'florin.db'}"
    migrate(url)
    engine = open_engine(url)
    scope = UserScope("p1")
    with writing(engine) as connection:
        person = Person("p1", "Ada Ng", "GB", "GBP", "GB", "Europe/London")
        people.create_person(connection, person, _NOW)
    weeks = (
        [f"{n:02d}/11/2026,TESCO STORES {n} LEEDS,-{n}.00" for n in range(1, 13)],
        ["20/11/2026,QUIRRAM BREXELL LEEDS,-9.00", "21/11/2026,VELLOQUIST OOM YORK,-8.00",
         "22/11/2026,FPO SARAH CONNOR DINNER,-20.00", "23/11/2026,LIDL GB LEEDS,-7.00"],
    )  # fmt: skip
    for number, rows in enumerate(weeks):
        file = folder / f"w{number}.csv"
        file.write_text("\n".join(["Date,Description,Amount", *rows]) + "\n")
        at = _NOW - timedelta(days=7 * (1 - number))
        import_files(
            engine, scope, [Source(file, file.name)], Choices.from_mapping({"date_order": "dmy"}),
            at=at,
        )  # fmt: skip
    assert enrich_person(engine, registry, scope)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def look(ledger: Engine, models: Models) -> Any:
    training = training_of(read_silver(_ROOT / "data", models.index))

    def run(endpoint: Endpoint | None = None, judged: int = 0) -> Monitored:
        return monitor(
            ledger, models, training, _MONDAY, endpoint=endpoint, judged=judged,
            redact=Redactor().redact, at=_NOW, tell=lambda _: None,
        )  # fmt: skip

    return run


def test_a_week_is_told_from_the_one_before(look: Any, tmp_path: Path) -> None:
    report = look()
    assert (report.week.rows, report.before.rows, report.people) == (4, 12, 1)
    assert report.week.new_merchants >= 2
    assert report.before.new_merchants == 0
    assert sum(report.week.layers.values()) == pytest.approx(1)
    assert {shift.name for shift in report.training} == {*INPUTS, "category"}
    assert report.week.unsure > report.before.unsure == 0
    assert any("unsure rows rose" in alarm for alarm in report.alarms)
    text = write(report, tmp_path).read_text()
    assert "No language model was asked." in text
    for picture in ("drift.png", "layers.png", "spread.png"):
        assert (tmp_path / picture).stat().st_size > 2_000
    told = text + (tmp_path / "monitor.json").read_text()
    assert not any(word in told.casefold() for word in ("connor", "quirram", "tesco", "ada"))
    assert json.loads((tmp_path / "monitor.json").read_text())["monday"] == "2026-11-23"


def test_the_judge_sees_redacted_lines_and_its_opinion_is_counted(
    look: Any, tmp_path: Path
) -> None:
    def judge(body: dict[str, Any]) -> Any:
        items = json.loads(body["messages"][-1]["content"])
        said = [("wrong" if "LIDL" in item["text"] else "right") for item in items]
        return {"verdicts": [{"n": n, "verdict": v} for n, v in enumerate(said, 1)]}

    with model_server(judge) as server:
        options = Options(server.base_url, "m")
        endpoint = Endpoint(options, Budget(tmp_path / "e.db", 100_000), lambda _: None)
        report = look(endpoint, 10)
        assert sum(found.judged for found in report.judged.values()) == 4
        assert sum(found.right for found in report.judged.values()) == 3
        assert "CONNOR" not in server.asked[0]
        assert "95 % interval" in write(report, tmp_path).read_text()
        server.next = [Status(500)] * 3
        assert look(endpoint, 10).judged == {}


def test_weeks_begin_on_monday() -> None:
    assert monday_of(date(2026, 11, 29)) == _MONDAY
    assert monday_of(_MONDAY) == _MONDAY


def test_an_empty_week_is_a_report(tmp_path: Path) -> None:
    empty = Week.of([], frozenset())
    report = Monitored(_MONDAY, "m", 0, empty, empty, [], [], {})
    assert "0 rows of 0 people" in write(report, tmp_path).read_text()
    assert report.alarms == []
    assert not Shift("rail", 0.3, 0.5, {}, {}).large
