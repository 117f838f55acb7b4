"""What a person corrected is kept when their rows are enriched anew, and holds for new imports."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from actions.corrections import refile
from actions.desk import Desk
from intake.enriching import Enricher
from intake.files import Source
from intake.importing import import_files
from jobs.enrichment import ensure_quick
from ledger import people, rules, store
from ledger.database import reading, writing
from ledger.filing import SURE
from ledger.imports.choices import Choices
from ledger.scope import TurnScope, UserScope
from ledger.types import Person
from registry import Registry
from tests.models import KEPT

_ROOT = Path(__file__).parent.parent.parent
_NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
_SCOPE = UserScope("ada")
_FUEL = "transport.driving.fuel"


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    registry = Registry(KEPT)
    ensure_quick(registry, _ROOT / "data", lambda _: None)
    return Enricher(registry)


def bring_in(engine: Engine, folder: Path, *lines: str) -> None:
    file = folder / f"{len(lines)}.csv"
    file.write_text("\n".join(["Date,Description,Amount", *lines, ""]))
    import_files(engine, _SCOPE, [Source(file, file.name)], Choices.from_mapping({}), at=_NOW)


def filed(engine: Engine) -> dict[str, tuple[str | None, float]]:
    with reading(engine) as connection:
        said = {row.id: row.description for row in store.transactions(connection, _SCOPE)}
        rows = store.enriched(connection, _SCOPE)
    return {said[one.transaction_id]: (one.category, one.category_confidence) for one in rows}


def test_a_correction_outlives_enrichment_and_reaches_new_rows(
    engine: Engine, enricher: Enricher, tmp_path: Path
) -> None:
    with writing(engine) as connection:
        person = Person("ada", "Ada Ng", "GB", "GBP", "GB", "Europe/London")
        people.create_person(connection, person, _NOW)
    bring_in(engine, tmp_path, "13/01/2026,TESCO STORES 2041 LEEDS,-8.00")
    assert enricher.enrich(engine, _SCOPE) is not None
    before = filed(engine)
    with writing(engine) as connection:
        desk = Desk(connection, TurnScope("ada", "c", "t1", _NOW))
        id_ = next(one.counterparty_id for one in store.enriched(connection, _SCOPE))
        value = {"category": _FUEL, "counterparty_id": id_}
        desk.teach(rules.Rule("t1", rules.CATEGORY, "Tesco", value, _NOW))
        refile(desk)
    assert set(filed(engine).values()) == {(_FUEL, SURE)}
    bring_in(engine, tmp_path, "13/01/2026,TESCO STORES 2041 LEEDS,-8.00",
             "20/01/2026,TESCO STORES 2041 LEEDS,-9.00")  # fmt: skip
    assert enricher.enrich(engine, _SCOPE) is not None
    with reading(engine) as connection:
        rows = store.enriched(connection, _SCOPE)
    assert [(row.category, row.category_confidence) for row in rows] == [(_FUEL, SURE)] * 2
    with writing(engine) as connection:
        desk = Desk(connection, TurnScope("ada", "c", "t2", _NOW))
        desk.unteach(["t1"])
        refile(desk)
    assert filed(engine) == before, "what the model thinks is there again, for the new row too"
