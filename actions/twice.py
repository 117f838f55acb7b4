"""Whether a payment was taken twice, as enrichment found it."""

import re
from dataclasses import replace
from datetime import timedelta

from actions import steps
from actions.answer import Answer, Figure
from actions.counting import Entry
from actions.desk import Desk
from actions.evidence import as_of, clipped, format_of
from actions.facts import payment_text
from actions.query import Period, Query
from actions.say import fit
from ledger.queries import Row, Where, charged_again

ASKED = re.compile(
    r"\b(?:charged?|charging|billed|bill|paid|pay|took|taken|debited|gone)\b.*\b(?:twice|double|"
    r"two times)\b|\bdouble[- ]?(?:charg|bill|pa(?:id|y))|\bduplicate"
)
_RECENT = timedelta(days=92)


def twice(desk: Desk, query: Query) -> Answer:
    """The payments of a period, or of three months, that charge another one a second time."""
    used = query.period or Period(desk.today - _RECENT, desk.tomorrow)
    start, end = clipped(desk, used)
    pairs = charged_again(desk.connection, desk.scope, start, end)
    rows = [row for row in _rows(desk, pairs) if _asked(row, query)]
    query = replace(query, period=used, direction="out")
    form = format_of(desk)
    tail = ", ".join(part for part in (f"since {form.day(start)}", as_of(desk)) if part)
    if not rows:
        text = f"No payment looks as if it was taken twice, {tail}."
        return Answer(text, query, counts=[("count", 0)])
    told = [payment_text(desk, Entry(row, -row.minor)) for row in rows]
    first = f"It looks like it ({tail}): {'; '.join(told[:3])}."
    return Answer(
        fit(first, ["If it isn't right, say “that's not mine”, and ask them for the money."]),
        query,
        figures=[Figure(row.counterparty_id or "row", -row.minor, row.currency) for row in rows],
        counts=[("count", len(rows))],
        transactions=[id_ for row in rows for id_ in (row.id, pairs[row.id])],
        buttons=[steps.WHY],
    )


def _rows(desk: Desk, pairs: dict[str, str]) -> list[Row]:
    return desk.rows(Where(desk.tomorrow, ids=sorted(pairs))) if pairs else []


def _asked(row: Row, query: Query) -> bool:
    return not query.merchants or row.counterparty_id in query.merchants
