"""From rows into the ledger: nothing is doubled, nothing is lost, every row is accounted for."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from ledger import people, store, tables
from ledger.accounts import balances
from ledger.database import reading, writing
from ledger.imports.choices import ChoiceError, Choices, ImportQuestion
from ledger.imports.planning import ReadFile
from ledger.imports.reading import read_file
from ledger.imports.rows import Item
from ledger.imports.storing import FileReport, store_file
from ledger.scope import UserScope
from ledger.types import Person, Transaction
from tests.ledger.layouts import Entry, Layout, write_camt, write_csv, write_ofx, write_qif

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ENTRIES = (
    Entry(date(2026, 1, 13), "TESCO STORES 3021 MANCHESTER GB", -1_230),
    Entry(date(2026, 1, 14), "CAFE NERO", -345),
    Entry(date(2026, 1, 14), "CAFE NERO", -345),
    Entry(date(2026, 1, 15), "ACME LTD SALARY", 210_000),
    Entry(date(2026, 1, 20), "SAINSBURYS SUPERMARKETS LTD LONDON", -4_210),
    Entry(date(2026, 1, 31), "LANDLORD RENT FLAT 12", -85_000),
)


class Ledger:
    """One new person's ledger."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.scope = UserScope(f"p-{secrets.token_hex(4)}")
        person = Person(self.scope.person_id, "P", "GB", "GBP", "GB", "Europe/London")
        with writing(engine) as connection:
            people.create_person(connection, person, NOW)

    def add(self, data: bytes, name: str = "file.csv", **chosen: str) -> FileReport:
        choices = Choices(**{"default_currency": "GBP", **chosen})
        parsed = read_file(data, choices)
        items = list(parsed.items)
        file = ReadFile(name, "0" * 64, parsed.kind, parsed.layout, lambda: iter(items))
        report = store_file(self.engine, self.scope, file, choices, at=NOW)
        assert report.rows == self._kept(report)
        return report

    def _kept(self, report: FileReport) -> int:
        with reading(self.engine) as connection:
            return connection.execute(
                select(func.count()).select_from(tables.import_rows)
                .where(tables.import_rows.c.import_id == report.import_id)
            ).scalar_one()  # fmt: skip

    def rows(self) -> list[Transaction]:
        with reading(self.engine) as connection:
            return store.transactions(connection, self.scope)

    def prints(self) -> list[tuple[str, int]]:
        return sorted((row.fingerprint, row.occurrence) for row in self.rows())

    def balance(self, day: date) -> list[int | None]:
        with reading(self.engine) as connection:
            return [found.minor for found in balances(connection, self.scope, day)]


@pytest.fixture
def ledger(engine: Engine) -> Iterator[Ledger]:
    return Ledger(engine)


def counts(report: FileReport) -> tuple[int, int, int, int]:
    return report.added, report.matched, report.held, report.rejected


FILES = {
    "signed": write_csv(ENTRIES, Layout()),
    "pair": write_csv(ENTRIES, Layout(money="pair", date_format="%d %b %Y", newest_first=True,
                                      names=("Transaction date", "Narrative"), balance=True)),
    "continental": write_csv(ENTRIES, Layout(delimiter=";", mark=",", group=".",
                                             date_format="%Y-%m-%d", encoding="utf-16")),
    "ofx": write_ofx(ENTRIES),
    "ofx xml": write_ofx(ENTRIES, xml=True),
    "qif": write_qif(ENTRIES),
    "camt": write_camt(ENTRIES),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_each_layout_gives_the_same_ledger(engine: Engine, name: str) -> None:
    reference, other = Ledger(engine), Ledger(engine)
    reference.add(FILES["signed"])
    assert counts(other.add(FILES[name])) == (len(ENTRIES), 0, 0, 0)
    assert other.prints() == reference.prints()


@pytest.mark.parametrize("first", ["signed", "ofx", "camt"])
def test_the_same_statement_in_another_layout_adds_nothing(engine: Engine, first: str) -> None:
    ledger = Ledger(engine)
    ledger.add(FILES[first])
    before = ledger.rows()
    for name, data in FILES.items():
        assert counts(ledger.add(data, name)) == (0, len(ENTRIES), 0, 0), name
    assert ledger.rows() == before


def test_overlapping_files_add_only_what_is_new(ledger: Ledger) -> None:
    assert counts(ledger.add(write_csv(ENTRIES[:4], Layout()))) == (4, 0, 0, 0)
    assert counts(ledger.add(write_csv(ENTRIES[2:], Layout()))) == (2, 2, 0, 0)
    assert sorted(row.minor for row in ledger.rows()) == sorted(e.minor for e in ENTRIES)


def test_a_third_identical_coffee_is_a_third(ledger: Ledger) -> None:
    coffee = ENTRIES[1]
    ledger.add(write_csv([coffee, coffee], Layout()))
    assert counts(ledger.add(write_csv([coffee] * 3, Layout()))) == (1, 2, 0, 0)
    assert sorted(row.occurrence for row in ledger.rows()) == [1, 2, 3]


def test_the_banks_ids_tell_equal_rows_apart(ledger: Ledger) -> None:
    coffee = ENTRIES[1]
    first = write_ofx([coffee])
    second = write_ofx([coffee]).replace(b"F0", b"F7")
    assert counts(ledger.add(first)) == (1, 0, 0, 0)
    assert counts(ledger.add(second)) == (1, 0, 0, 0)
    assert counts(ledger.add(first)) == (0, 1, 0, 0)


def test_ids_that_a_bank_makes_up_at_each_export_are_not_believed(ledger: Ledger) -> None:
    data = write_ofx(ENTRIES)
    ledger.add(data)
    again = data
    for number in range(len(ENTRIES)):
        again = again.replace(b"<FITID>F%d" % number, b"<FITID>G%d" % number)
    assert counts(ledger.add(again)) == (0, len(ENTRIES), 0, 0)


def test_a_cut_off_description_is_the_same_row(ledger: Ledger) -> None:
    ledger.add(FILES["signed"])
    cut = [replace(entry, text=entry.text[:18]) for entry in ENTRIES]
    report = ledger.add(write_csv(cut, Layout(money="pair")))
    assert counts(report) == (0, len(ENTRIES), 0, 0)


def test_another_description_of_the_same_day_and_amount_is_held(ledger: Ledger) -> None:
    ledger.add(FILES["signed"])
    other = [*ENTRIES[1:], replace(ENTRIES[0], text="WAITROSE")]
    report = ledger.add(write_csv(other, Layout()))
    assert counts(report) == (0, len(ENTRIES) - 1, 1, 0)
    assert [(p.line, p.outcome) for p in report.problems] == [(7, "held")]
    assert counts(ledger.add(write_csv(other, Layout()), held="add"))[0] == 1
    assert counts(ledger.add(write_csv(other, Layout()))) == (0, len(ENTRIES), 0, 0)


def test_the_files_own_ids_are_kept_and_used_once(ledger: Ledger) -> None:
    head = b"transaction_id,account_id,date,description,amount,currency\n"
    data = head + b"a-1,acc,2026-01-05,Tesco,-1.00,GBP\na-2,acc,2026-01-05,Tesco,-1.00,GBP\n"
    assert counts(ledger.add(data)) == (2, 0, 0, 0)
    assert [row.id for row in ledger.rows()] == ["a-1", "a-2"]
    assert counts(ledger.add(data)) == (0, 2, 0, 0)
    changed = head + b"a-1,acc,2026-01-05,Tesco,-9.00,GBP\na-2,other,2026-06-05,Asda,-3.00,GBP\n"
    report = ledger.add(changed)
    assert counts(report) == (0, 0, 2, 0)
    assert counts(ledger.add(head + b"z,acc,2026-01-09,x,-1.00,GBP\nz,acc,2026-01-09,y,-2.00,GBP\n")
                  ) == (1, 0, 0, 1)  # fmt: skip


def test_accounts_of_the_contract_keep_their_opening_balance(ledger: Ledger) -> None:
    accounts = (
        b"account_id,institution,type,currency,opening_balance,name\n"
        b"m-1,Monzo,checking,GBP,100.00,Current\nm-2,Amex,credit,GBP,-50.25,Card\n"
    )
    assert counts(ledger.add(accounts)) == (2, 0, 0, 0)
    assert counts(ledger.add(accounts)) == (0, 2, 0, 0)
    ledger.add(b"transaction_id,account_id,date,description,amount,currency\n"
               b"t,m-1,2026-01-05,Tesco,-1.00,GBP\n")  # fmt: skip
    assert ledger.balance(date(2026, 2, 1)) == [9_900, -5_025]


class TestAccounts:
    later = tuple(replace(e, day=e.day + timedelta(days=31)) for e in ENTRIES)
    other = (Entry(date(2026, 1, 16), "INTEREST PAID", 12),
             Entry(date(2026, 1, 28), "ATM CASH", -900),
             Entry(date(2026, 1, 30), "ATM CASH", -700))  # fmt: skip

    def test_the_next_month_of_the_same_bank_goes_to_the_same_account(self, ledger: Ledger) -> None:
        ledger.add(FILES["signed"], "january.csv")
        report = ledger.add(write_csv(self.later, Layout()), "february.csv")
        assert counts(report) == (len(ENTRIES), 0, 0, 0)
        assert len({row.account_id for row in ledger.rows()}) == 1

    def test_other_rows_of_the_same_days_are_another_account(self, ledger: Ledger) -> None:
        ledger.add(FILES["signed"], "current.csv")
        ledger.add(write_csv(self.other, Layout(money="pair")), "savings.csv")
        assert {row.account_id for row in ledger.rows()} == {"current", "savings"}

    def test_what_may_be_either_is_asked_and_nothing_is_stored(self, ledger: Ledger) -> None:
        ledger.add(FILES["signed"], "current.csv")
        before = ledger.rows()
        data = write_csv(self.later, Layout(money="pair"))
        with pytest.raises(ImportQuestion) as asked:
            ledger.add(data)
        assert asked.value.field == "account"
        assert [option.value for option in asked.value.options] == ["current", "new"]
        assert ledger.rows() == before
        with pytest.raises(ChoiceError):
            ledger.add(data, account="elsewhere")
        ledger.add(data, account="current")
        assert {row.account_id for row in ledger.rows()} == {"current"}

    def test_a_number_is_learned_from_rows_that_are_there(self, ledger: Ledger) -> None:
        ledger.add(FILES["signed"])
        ledger.add(FILES["ofx"])
        ledger.add(write_ofx(self.later).replace(b"<FITID>F", b"<FITID>H"))
        assert len({row.account_id for row in ledger.rows()}) == 1
        assert len(ledger.rows()) == 2 * len(ENTRIES)

    def test_no_account_number_is_stored(self, ledger: Ledger) -> None:
        ledger.add(FILES["ofx"])
        with reading(ledger.engine) as connection:
            for table in (tables.accounts, tables.account_keys, tables.transactions):
                for row in connection.execute(select(table)):
                    assert "12345678" not in str(row)

    def test_currencies_are_accounts_of_their_own(self, ledger: Ledger) -> None:
        ledger.add(
            b"Date,Description,Amount,Currency\n13/01/2026,a,-1.00,GBP\n14/01/2026,b,-2.00,EUR\n"
        )
        assert {(row.currency, row.account_id) for row in ledger.rows()} == {
            ("GBP", "account"), ("EUR", "account-2")}  # fmt: skip


class TestBalances:
    def test_the_statement_balance_is_the_anchor(self, ledger: Ledger) -> None:
        ledger.add(FILES["pair"])
        total = 100_000 + sum(entry.minor for entry in ENTRIES)
        assert ledger.balance(date(2026, 1, 31)) == [total]
        assert ledger.balance(date(2026, 1, 30)) == [total + 85_000]
        assert ledger.balance(date(2026, 1, 1)) == [100_000]

    def test_an_older_statement_does_not_move_it_back(self, ledger: Ledger) -> None:
        ledger.add(FILES["ofx"])
        before = ledger.balance(date(2026, 3, 1))
        ledger.add(write_ofx(ENTRIES[:3]))
        assert ledger.balance(date(2026, 3, 1)) == before

    def test_without_any_balance_there_is_none(self, ledger: Ledger) -> None:
        ledger.add(FILES["signed"])
        assert ledger.balance(date(2026, 3, 1)) == [None]


def test_people_do_not_see_one_another(engine: Engine) -> None:
    one, two = Ledger(engine), Ledger(engine)
    one.add(FILES["signed"])
    assert counts(two.add(FILES["signed"])) == (len(ENTRIES), 0, 0, 0)
    assert {row.id for row in one.rows()} == {row.id for row in two.rows()}
    assert len(two.rows()) == len(ENTRIES)


def test_the_same_file_twice_at_once_is_there_once(engine: Engine) -> None:
    ledger = Ledger(engine)
    with ThreadPoolExecutor(3) as pool:
        found = [
            task.result() for task in [pool.submit(ledger.add, FILES["ofx"]) for _ in range(3)]
        ]
    assert sorted(report.added for report in found) == [0, 0, len(ENTRIES)]
    assert len(ledger.rows()) == len(ENTRIES)


def interrupted(ledger: Ledger, data: bytes, interrupt: Callable[[], object]) -> FileReport:
    """Import a file; each time its rows are gone through, something else is done meanwhile."""
    items = list(read_file(data, Choices(default_currency="GBP")).items)

    def go() -> Iterator[Item]:
        interrupt()
        return iter(items)

    file = ReadFile("file.csv", "0" * 64, "csv", "layout", go)
    return store_file(ledger.engine, ledger.scope, file, Choices(), at=NOW)


def test_others_write_while_a_file_is_gone_through(ledger: Ledger) -> None:
    created = []

    def write() -> None:
        person = Person(f"p-{secrets.token_hex(4)}", "P", "GB", "GBP", "GB", "Europe/London")
        with writing(ledger.engine) as connection:
            created.append(people.create_person(connection, person, NOW))

    assert interrupted(ledger, FILES["signed"], write).added == len(ENTRIES)
    assert created == [True, True]


@pytest.mark.parametrize("times", [1, 3])
def test_an_import_that_comes_between_is_seen(ledger: Ledger, times: int) -> None:
    parts = [write_csv(ENTRIES[: 4 + number], Layout()) for number in range(times)]

    def between() -> None:
        if parts:
            ledger.add(parts.pop(0))

    report = interrupted(ledger, FILES["signed"], between)
    assert len(ledger.rows()) == len(ENTRIES)
    assert counts(report) == (len(ENTRIES) - times - 3, times + 3, 0, 0)


def test_rejected_rows_are_kept_with_line_and_reason(ledger: Ledger) -> None:
    report = ledger.add(b"Date,Description,Amount\n13/01/2026,a,-1.00\n99/99/2026,b,-2.00\n")
    assert counts(report) == (1, 0, 0, 1)
    assert report.problems[0].line == 3
    assert "date" in report.problems[0].reason


shops = st.sampled_from(["TESCO", "CAFE NERO", "SHELL OXFORD", "AMAZON MARKETPLACE", "BOOTS"])
histories = st.lists(
    st.builds(Entry, st.dates(date(2026, 1, 13), date(2026, 1, 31)), shops,
              st.sampled_from([-345, -1_000, -2_599])),
    min_size=1, max_size=15,
).map(lambda found: sorted(found, key=lambda entry: entry.day))  # fmt: skip
ways: st.SearchStrategy[Callable[[list[Entry]], bytes]] = st.sampled_from([
    lambda rows: write_csv(rows, Layout()),
    lambda rows: write_csv(rows, Layout(money="pair", date_format="%Y-%m-%d", balance=True)),
    lambda rows: write_csv(rows, Layout(delimiter=";", mark=",", newest_first=True)),
    write_ofx,
    write_qif,
    write_camt,
])  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(histories, ways, ways)
def test_importing_again_in_any_layout_changes_nothing(
    engine: Engine,
    rows: list[Entry],
    first: Callable[[list[Entry]], bytes],
    second: Callable[[list[Entry]], bytes],
) -> None:
    ledger = Ledger(engine)
    assert counts(ledger.add(first(rows))) == (len(rows), 0, 0, 0)
    before = ledger.rows()
    assert counts(ledger.add(second(rows))) == (0, len(rows), 0, 0)
    assert ledger.rows() == before


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(histories, st.integers(0, 15), st.integers(0, 15))
def test_overlapping_whole_days_give_the_whole_once(
    engine: Engine, rows: list[Entry], left: int, right: int
) -> None:
    ledger = Ledger(engine)
    until = date(2026, 1, 13) + timedelta(days=max(left, right))
    since = date(2026, 1, 13) + timedelta(days=min(left, right))
    parts = [[e for e in rows if e.day <= until], [e for e in rows if e.day >= since]]
    for part in parts:
        if part:
            account = "mine" if ledger.rows() else "new"
            ledger.add(write_csv(part, Layout()), "mine.csv", account=account)
    expected = Ledger(engine)
    expected.add(write_csv(rows, Layout()))
    assert ledger.prints() == expected.prints()
