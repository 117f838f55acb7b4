"""Enrichment watched week by week: drift, layers, doubts, new merchants, a judged sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zlib import crc32

from sqlalchemy import Engine, select

from endpoint import Endpoint
from enrichment.models import Models
from jobs.drift import INPUTS, PREDICTIONS, Seen, Shift, Week, inputs_of, seen_of, shifts
from jobs.enrichment_text import Silver
from jobs.judge import Agreement, Claim, judge, sample
from knowledge.merchants import slug
from ledger import store, tables
from ledger.database import reading
from ledger.people import list_people
from ledger.scope import UserScope


@dataclass(frozen=True)
class Monitored:
    """A week's report.

    Attributes:
        monday: The week's first day.
        model: The model that serves.
        people: How many had rows imported.
        week: The week's figures.
        before: Those of the week before.
        training: Shift of inputs and categories against the training lines.
        last_week: Shift of everything against the week before.
        judged: Agreement of the judge by layer; empty where none was asked.
    """

    monday: date
    model: str
    people: int
    week: Week
    before: Week
    training: Sequence[Shift]
    last_week: Sequence[Shift]
    judged: dict[str, Agreement]

    @property
    def alarms(self) -> list[str]:
        """What somebody should look at, one sentence each."""
        found = [
            f"{shift.name} moved by {shift.index:.2f} since the week before"
            for shift in self.last_week
            if shift.large
        ]
        if self.before.rows and self.week.rows and self.week.unsure > self.before.unsure + 0.05:
            found.append(
                f"unsure rows rose from {self.before.unsure:.1%} to {self.week.unsure:.1%}"
            )
        return found


@dataclass(frozen=True)
class _Row:
    on: date
    person: str
    seen: Seen
    claim: Claim | None


@dataclass
class _Weeks:
    """What a report needs of all rows: two weeks of them, and of those before the merchants alone.

    Attributes:
        known: Merchants of rows before the week before.
        known_last: Merchants of that week.
    """

    now: list[_Row] = field(default_factory=list)
    last: list[_Row] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    known_last: set[str] = field(default_factory=set)


def _weeks(rows: Iterable[_Row], monday: date) -> _Weeks:
    """One pass over the rows, so that a long ledger is never held at once."""
    week, weeks = timedelta(days=7), _Weeks()
    for row in rows:
        if monday <= row.on < monday + week:
            weeks.now.append(row)
        elif monday - week <= row.on < monday:
            weeks.last.append(row)
            weeks.known_last.add(row.seen.merchant)
        elif row.on < monday:
            weeks.known.add(row.seen.merchant)
    return weeks


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def training_of(silver: Sequence[Silver]) -> list[Seen]:
    """The training lines as rows, with the categories that they are labelled with."""
    return [
        Seen(
            {
                **inputs_of(row.description, row.minor, row.currency, row.account_type),
                "category": row.category.split(".")[0],
            }
        )
        for row in silver
    ]


def monitor(
    engine: Engine,
    models: Models,
    training: Sequence[Seen],
    monday: date,
    *,
    endpoint: Endpoint | None,
    judged: int,
    redact: Callable[[str], str],
    at: datetime,
    tell: Callable[[str], None],
) -> Monitored:
    """Looks at the rows that were imported in a week.

    Args:
        engine: The ledger.
        models: The model that serves.
        training: The training lines, see `training_of`.
        monday: The week's first day; weeks are those of UTC.
        endpoint: The judge's, None for no judge.
        judged: How many lines the judge is shown.
        redact: Takes names and numbers out of a line.
        at: Now; its day pays for the judge.
        tell: Called with what goes wrong on the way.
    """
    known = frozenset({*models.index.by_id, *(merchant.id for merchant in models.learned)})
    weeks = _weeks(_rows(engine, known), monday)
    now, seen_last = weeks.now, [row.seen for row in weeks.last]
    seen = [row.seen for row in now]
    claims = [row.claim for row in now if row.claim is not None]
    verdicts: dict[str, Agreement] = {}
    if endpoint is not None and claims:
        drawn = sample(claims, judged, crc32(monday.isoformat().encode()))
        said = [_redacted(claim, redact) for claim in drawn]
        verdicts = judge(endpoint, said, at, tell)
    return Monitored(
        monday,
        models.name,
        len({row.person for row in now}),
        Week.of(seen, frozenset(weeks.known | weeks.known_last)),
        Week.of(seen_last, frozenset(weeks.known)),
        shifts((*INPUTS, "category"), seen, training),
        shifts((*INPUTS, *PREDICTIONS), seen, seen_last),
        verdicts,
    )


def _redacted(claim: Claim, redact: Callable[[str], str]) -> Claim:
    return Claim(redact(claim.text), claim.inflow, claim.category, claim.layer)


def _rows(engine: Engine, known: frozenset[str]) -> Iterator[_Row]:
    """Every person's rows with the day on which they were imported; rows without one are left."""
    imports = tables.imports.c
    with reading(engine) as connection:
        for person in list_people(connection):
            scope = UserScope(person.id)
            statement = select(imports.id, imports.imported_at).where(
                imports.person_id == scope.person_id
            )
            days = {id_: at.astimezone(UTC).date() for id_, at in connection.execute(statement)}
            types = {account.id: account.type for account in store.accounts(connection, scope)}
            found = {row.transaction_id: row for row in store.enriched(connection, scope)}
            for row in store.transactions(connection, scope):
                if row.import_id not in days:
                    continue
                what = found.get(row.id)
                claim = None
                if what is not None and what.category:
                    layer = what.category_source or "none"
                    claim = Claim(row.description, row.minor > 0, what.category, layer)
                seen = seen_of(row, types.get(row.account_id, "other"), what, known)
                yield _Row(days[row.import_id], slug(person.id), seen, claim)
