"""Cases of a table as tests, with the list of those that are wrong today."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from ledger import tables
from ledger.database import writing

HERE = Path(__file__).parent
KNOWN_FAILURES = set((HERE / "known_failures.txt").read_text().split())
_OWNED = (tables.accounts, tables.transactions, tables.enriched, tables.streams)


def read(table: str) -> list[Any]:
    """The cases of a table, in its order."""
    lines = (HERE / table).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def params(cases: list[Any]) -> list[Any]:
    """One parameter for each case; a known failure that begins to pass breaks the build."""
    failing = [pytest.mark.xfail(strict=True, reason="a known failure")]
    return [
        pytest.param(case, id=case["id"], marks=failing if case["id"] in KNOWN_FAILURES else [])
        for case in cases
    ]


def copy_person(engine: Engine, person: str, copy: str) -> None:
    """A person with the same accounts and rows, so that changes do not meet other cases."""
    with writing(engine) as connection:
        found = select(tables.people).where(tables.people.c.id == person)
        row = connection.execute(found).mappings().one()
        connection.execute(insert(tables.people).values({**row, "id": copy}))
        for table in _OWNED:
            rows = connection.execute(select(table).where(table.c.person_id == person)).mappings()
            copies = [{**row, "person_id": copy} for row in rows]
            connection.execute(insert(table), copies)
