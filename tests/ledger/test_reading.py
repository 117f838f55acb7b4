"""What a bank file says is read the same, whichever layout it comes in."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import HostileFileError, UnreadableFileError
from ledger.imports.choices import Choices, ImportQuestion
from ledger.imports.reading import read_file
from ledger.imports.rows import AccountHint, Problem, Row
from tests.ledger.exports import LAYOUTS as EXPORTS
from tests.ledger.layouts import Entry, Layout, write_camt, write_csv, write_ofx, write_qif

ENTRIES = (
    Entry(date(2026, 1, 13), "TESCO STORES 3021 MANCHESTER", -1_230),
    Entry(date(2026, 1, 14), "Café Nero", -345),
    Entry(date(2026, 1, 14), "Café Nero", -345),
    Entry(date(2026, 1, 15), "ACME LTD SALARY", 210_000),
    Entry(date(2026, 1, 31), "LANDLORD & CO, FLAT 12; RENT", -123_456),
)
LAYOUTS = {
    "plain": Layout(),
    "iso, LF": Layout(date_format="%Y-%m-%d", line_end="\n"),
    "debit and credit": Layout(money="pair", balance=True, date_format="%d %b %Y"),
    "newest first": Layout(money="signed", balance=True, newest_first=True),
    "semicolons, comma": Layout(delimiter=";", mark=",", group=".", date_format="%d.%m.%Y",
                                names=("Buchungstag", "Verwendungszweck", "Betrag (GBP)"),
                                encoding="cp1252"),
    "French": Layout(delimiter=";", mark=",", group="\u202f",
                     names=("Date opération", "Libellé", "Montant")),
    "tabs, UTF-16": Layout(delimiter="\t", encoding="utf-16", money="direction"),
    "BOM": Layout(encoding="utf-8-sig", group=","),
    "parentheses": Layout(money="parentheses", group=","),
    "trailing minus": Layout(money="trailing", date_format="%d-%b-%y"),
    "CR and DR": Layout(money="marked"),
    "US dates": Layout(date_format="%m/%d/%Y", names=("Posting Date", "Details", "Amount")),
    "preamble": Layout(preamble=('"Account Name:","Flex ****12"', '"Balance:","£1,234.56"', ""),
                       money="pair"),
    "pipes": Layout(delimiter="|", date_format="%Y%m%d"),
    "old Mac": Layout(line_end="\r"),
}  # fmt: skip
FILES = {name: write_csv(ENTRIES, layout) for name, layout in LAYOUTS.items()} | {
    "OFX 1": write_ofx(ENTRIES),
    "OFX 2": write_ofx(ENTRIES, xml=True),
    "QIF": write_qif(ENTRIES),
    "QIF, ISO": write_qif(ENTRIES, "%Y-%m-%d"),
    "CAMT": write_camt(ENTRIES),
    "CAMT with prefix": write_camt(ENTRIES, "ns2"),
}


def rows_of(data: bytes, **chosen: str) -> list[Row]:
    items = list(read_file(data, Choices(**chosen)).items)
    assert not [item for item in items if isinstance(item, Problem)]
    return [item for item in items if isinstance(item, Row)]


@pytest.mark.parametrize("name", FILES)
def test_every_layout_gives_the_same_rows(name: str) -> None:
    found = [(row.booked, row.core, row.minor) for row in rows_of(FILES[name])]
    assert sorted(found) == sorted((entry.day, entry.text, entry.minor) for entry in ENTRIES)


@pytest.mark.parametrize("name", EXPORTS)
def test_real_exports_need_no_question(name: str) -> None:
    text, amounts = EXPORTS[name]
    rows = [item for item in read_file(text.encode(), Choices()).items if isinstance(item, Row)]
    assert [row.minor for row in rows] == amounts
    assert all(row.core for row in rows)


@pytest.mark.parametrize("name", ["debit and credit", "newest first", "OFX 1", "OFX 2", "CAMT"])
def test_the_closing_balance_is_found(name: str) -> None:
    hints = [item for item in read_file(FILES[name], Choices()).items
             if isinstance(item, AccountHint) and item.closing_minor is not None]  # fmt: skip
    total = 100_000 + sum(entry.minor for entry in ENTRIES)
    assert [(hint.closing_minor, hint.closing_on) for hint in hints] == [(total, date(2026, 1, 31))]


def test_lines_are_those_of_the_file() -> None:
    data = b'Title\n\nDate,Description,Amount\n13/01/2026,"two\nlines",-1.00\n14/01/2026,x,-2.00\n'
    assert [row.line for row in rows_of(data)] == [4, 6]


def test_the_header_tells_the_currency() -> None:
    data = b"Date,Description,Paid out (EUR),Paid in (EUR)\n13/01/2026,Rewe,1.00,\n"
    assert rows_of(data)[0].currency == "EUR"


def test_a_file_without_header_is_read_by_its_columns() -> None:
    data = b"13/01/2026,TESCO STORES,-12.00,88.00\n14/01/2026,ASDA,-8.00,80.00\n"
    items = list(read_file(data, Choices()).items)
    assert [(i.minor, i.core) for i in items if isinstance(i, Row)] == [
        (-1200, "TESCO STORES"), (-800, "ASDA")]  # fmt: skip
    assert items[-1] == AccountHint("", "GBP", closing_minor=8000, closing_on=date(2026, 1, 14))


def test_type_and_reference_join_the_description_but_not_what_identifies_the_row() -> None:
    data = (b"Date,Type,Description,Reference,Amount\n"
            b"13/01/2026,Direct Debit,BRITISH GAS,FLAT 12,-9.00\n"
            b"14/01/2026,DEBIT,TESCO,AT0123,-1.00\n")  # fmt: skip
    gas, tesco = rows_of(data)
    assert (gas.description, gas.core) == ("BRITISH GAS FLAT 12 Direct Debit", "BRITISH GAS")
    assert tesco.description == "TESCO"


def test_mcc_account_and_purchase_date_are_kept() -> None:
    data = (b"Transaction Date,Posting Date,Card No.,Description,MCC,Amount\n"
            b"01/12/2026,01/14/2026,1234,KROGER,5411,-1.00\n")  # fmt: skip
    row = rows_of(data)[0]
    assert (row.booked, row.purchased) == (date(2026, 1, 14), date(2026, 1, 12))
    assert (row.account, row.mcc) == ("1234", "5411")


def test_a_fee_is_part_of_what_left_the_account_and_pending_rows_are_not_booked() -> None:
    data = (
        b"Type,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
        b"CARD,2026-03-01 10:00:00,2026-03-02 11:00:00,Uber,-10.00,0.50,GBP,COMPLETED,89.50\n"
        b"CARD,2026-03-03 10:00:00,2026-03-03 11:00:00,Uber,-9.00,0.00,GBP,PENDING,\n"
    )
    row, problem, *_ = read_file(data, Choices()).items
    assert isinstance(row, Row)
    assert row.minor == -1050
    assert isinstance(problem, Problem)
    assert "pending" in problem.reason


class TestSigns:
    def test_a_card_whose_payments_are_negative(self) -> None:
        data = (b"Date,Description,Amount\n13/01/2026,TESCO,12.00\n14/01/2026,SHELL,30.00\n"
                b"20/01/2026,PAYMENT RECEIVED - THANK YOU,-42.00\n")  # fmt: skip
        assert [row.minor for row in rows_of(data)] == [-1200, -3000, 4200]

    def test_a_balance_that_falls_with_positive_amounts(self) -> None:
        data = (b"Date,Description,Amount,Balance\n13/01/2026,a,12.00,88.00\n"
                b"14/01/2026,b,8.00,80.00\n15/01/2026,c,-20.00,100.00\n")  # fmt: skip
        assert [row.minor for row in rows_of(data)] == [-1200, -800, 2000]

    def test_a_card_that_shows_what_is_owed(self) -> None:
        data = (b"Date,Description,Debit,Credit,Balance\n13/01/2026,a,12.00,,12.00\n"
                b"14/01/2026,b,8.00,,20.00\n")  # fmt: skip
        items = list(read_file(data, Choices()).items)
        assert [item.minor for item in items if isinstance(item, Row)] == [-1200, -800]
        closing = [item.closing_minor for item in items if isinstance(item, AccountHint)]
        assert closing == [-2000]

    def test_only_positive_amounts_are_asked_about(self) -> None:
        data = b"Date,Description,Amount\n13/01/2026,Tesco,12.00\n14/01/2026,Asda,3.00\n"
        with pytest.raises(ImportQuestion) as asked:
            read_file(data, Choices())
        assert asked.value.field == "sign"
        assert [row.minor for row in rows_of(data, sign="positive_out")] == [-1200, -300]
        assert [row.minor for row in rows_of(data, sign="negative_out")] == [1200, 300]


class TestQuestions:
    def test_dates_that_can_be_read_both_ways(self) -> None:
        data = b"Date,Description,Amount\n03/04/2026,a,-1.00\n05/06/2026,b,-2.00\n"
        with pytest.raises(ImportQuestion) as asked:
            read_file(data, Choices())
        assert asked.value.field == "date_order"
        assert asked.value.examples == ("03/04/2026", "05/06/2026")
        assert [option.value for option in asked.value.options] == ["dmy", "mdy"]
        assert rows_of(data, date_order="mdy")[0].booked == date(2026, 3, 4)
        assert rows_of(data, date_order="dmy")[0].booked == date(2026, 4, 3)

    def test_dates_that_are_the_same_both_ways_need_no_question(self) -> None:
        data = b"Date,Description,Amount\n03/03/2026,a,-1.00\n04/04/2026,b,-2.00\n"
        assert [row.booked.month for row in rows_of(data)] == [3, 4]

    def test_amounts_that_can_be_read_both_ways(self) -> None:
        data = b"Date;Description;Amount\n13/04/2026;a;-1.234\n14/04/2026;b;-5.678\n"
        with pytest.raises(ImportQuestion) as asked:
            read_file(data, Choices())
        assert asked.value.field == "decimal"
        assert rows_of(data, decimal=",")[0].minor == -123_400

    def test_one_amount_that_tells_settles_all(self) -> None:
        data = b"Date;Description;Amount\n13/04/2026;a;-1.234\n14/04/2026;b;-5,60\n"
        assert [row.minor for row in rows_of(data)] == [-123_400, -560]

    def test_qif_dates(self) -> None:
        with pytest.raises(ImportQuestion):
            read_file(b"!Type:Bank\nD3/ 4'26\nT-1.00\nPx\n^\n", Choices())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"31/02/2026,x,-1.00", "date"),
        (b"Total,,-1.00", "date"),
        (b"14/01/2026,x,", "amount"),
        (b"14/01/2026,x,abc", "amount"),
        (b"14/01/2026,x,-1.234", "decimals"),
        (b"14/01/2026,x,99999999999999999999", "amount"),
        (b"14/01/2026,x,-1.00,more", "columns"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_reason(row: bytes, reason: str) -> None:
    data = b"Date,Description,Amount\n13/01/2026,a,-10.00\n" + row + b"\n15/01/2026,b,-2.50\n"
    items = list(read_file(data, Choices()).items)
    problems = [item for item in items if isinstance(item, Problem)]
    assert [problem.line for problem in problems] == [3]
    assert reason in problems[0].reason
    assert sum(isinstance(item, Row) for item in items) == 2


def _flood(inner: str) -> bytes:
    return f'<?xml version="1.0"?><Document>{inner}</Document>'.encode()


HEAD = b"Date,Description,Amount\n13/01/2026,x,"
HOSTILE = {
    "huge cell": HEAD + b"-1.00\n14/01/2026," + b"a" * 3_000_000 + b",-1\n",
    "huge quoted cell": HEAD + b'-1.00\n14/01/2026,"' + b"a,\n" * 1_000_000,
    "a million columns": b"Date,Description,Amount" + b",x" * 1_000_000 + b"\n",
    "a million columns below": HEAD + b"-1.00\n" + b"," * 1_000_000 + b"\n",
    "NUL": HEAD + b"-1.00\x00\n",
    "control": HEAD + b"-1.00\n14/01/2026,\x07,-1\n",
    "exponent": HEAD + b"1E+1000000\n",
    "NaN": HEAD + b"NaN\n",
    "infinity": HEAD + b"-Infinity\n",
    "entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Document>&b;</Document>',
    "outside entity": b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><Document/>',
    "CDATA flood": _flood("<![CDATA[x]]>" * 200_000),
    "CDATA huge": _flood("<![CDATA[" + "<" * 1_000_000 + "]]>"),
    "nesting": _flood("<a>" * 500_000),
    "attributes": _flood("<a " + 'b="c" ' * 500_000 + "/>"),
    "OFX NaN": write_ofx(ENTRIES).replace(b"-12.30", b"NaN"),
    "OFX entities": b"<!DOCTYPE OFX><OFX><STMTRS></STMTRS></OFX>",
    "QIF exponent": b"!Type:Bank\nD13/01/2026\nT1E+1000000\n^\n",
    "too many rows": HEAD + b"-1.00\n" + b"13/01/2026,x,-1\n" * 320_000,
    "too many tags": b"<OFX><STMTRS>" + b"<STMTTRN>" * 400_000,
    "QIF line": b"!Type:Bank\nP" + b"x" * 3_000_000,
}
UNREADABLE = {
    "empty": b"", "blank": b" \n ", "zip": b"PK\x03\x04" + b"\x00" * 99, "pdf": b"%PDF-1.7\n",
    "binary": bytes(range(1, 256)) * 9, "prose": b"Dear customer,\nplease find attached\n",
    "web page": b"<!DOCTYPE html><html><body>Log in</body></html>", "json": b'{"a": 1}',
    "other XML": b"<?xml version='1.0'?><a><b>1</b></a>", "broken XML": b"<Document><Stmt>",
    "labels": b"transaction_id,counterparty,category\nt1,Tesco,groceries\n",
    "OFX without statement": b"OFXHEADER:100\n\n<OFX><SIGNONMSGSRSV1></SIGNONMSGSRSV1></OFX>",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    with pytest.raises(HostileFileError) as refused:
        list(read_file(HOSTILE[name], Choices()).items)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_bank_file_is_said_to_be_none(name: str) -> None:
    with pytest.raises((UnreadableFileError, HostileFileError)) as refused:
        list(read_file(UNREADABLE[name], Choices()).items)
    assert str(refused.value).endswith(".")


class TestOfx:
    def test_a_cut_off_name_is_completed_by_the_memo(self) -> None:
        data = write_ofx(
            [Entry(date(2026, 1, 1), "A VERY LONG DESCRIPTION OF A SHOP IN LEEDS", -1)]
        )
        assert rows_of(data)[0].core == "A VERY LONG DESCRIPTION OF A SHOP IN LEEDS"

    def test_one_bad_row_does_not_refuse_the_file(self) -> None:
        data = write_ofx(ENTRIES).replace(b"-12.30", b"twelve")
        items = list(read_file(data, Choices()).items)
        assert sum(isinstance(item, Problem) for item in items) == 1
        assert sum(isinstance(item, Row) for item in items) == len(ENTRIES) - 1

    def test_a_payee_account_inside_a_row_is_not_the_statements(self) -> None:
        data = write_ofx(ENTRIES).replace(
            b"<FITID>F0", b"<BANKACCTTO><BANKID>9<ACCTID>999</BANKACCTTO><FITID>F0"
        )
        assert {row.account for row in rows_of(data)} == {"200000 12345678"}


class TestCamt:
    def test_a_batch_is_its_transactions(self) -> None:
        detail = ('<TxDtls><Refs><EndToEndId>E{0}</EndToEndId></Refs><AmtDtls><TxAmt>'
                  '<Amt Ccy="GBP">{0}.00</Amt></TxAmt></AmtDtls><RltdPties><Cdtr><Nm>P{0}</Nm>'
                  "</Cdtr></RltdPties>"
                  "</TxDtls>")  # fmt: skip
        data = write_camt([Entry(date(2026, 1, 1), "x", -500)]).decode()
        start, end = data.index("<TxDtls>"), data.index("</TxDtls>") + len("</TxDtls>")
        batch = data[:start] + detail.format(2) + detail.format(3) + data[end:]
        found = rows_of(batch.encode())
        assert [(row.minor, row.core) for row in found] == [(-200, "P2"), (-300, "P3")]
        assert len({row.bank_id for row in found}) == 2

    def test_pending_entries_are_not_booked(self) -> None:
        data = write_camt(ENTRIES).replace(b"<Sts>BOOK", b"<Sts>PDNG", 1)
        items = list(read_file(data, Choices()).items)
        assert sum(isinstance(item, Problem) for item in items) == 1


texts = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ&*'/ ", min_size=3, max_size=30).map(
    lambda text: f"SHOP {text}".strip()
)
entries = st.lists(
    st.builds(Entry, st.dates(date(2020, 1, 1), date(2029, 12, 31)), texts,
              st.integers(-999_999, -1)),
    min_size=1, max_size=12)  # fmt: skip
layouts = st.builds(
    Layout,
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    date_format=st.sampled_from(["%Y-%m-%d", "%d %b %Y", "%d.%m.%Y", "%Y%m%d", "%d-%B-%Y"]),
    money=st.sampled_from(["signed", "pair", "parentheses", "trailing", "marked", "direction"]),
    preamble=st.sampled_from([(), ("Statement", ""), ("Account: 1", "Period: January", "")]),
    balance=st.booleans(),
    newest_first=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n"]),
)


@settings(max_examples=80, deadline=None)
@given(entries, layouts)
def test_any_layout_of_any_rows_is_read_back(found: list[Entry], layout: Layout) -> None:
    rows = [(row.booked, row.core, row.minor) for row in rows_of(write_csv(found, layout))]
    assert sorted(rows) == sorted((entry.day, entry.text, entry.minor) for entry in found)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_read_or_refused_or_asked_about(data: bytes) -> None:
    with suppress(HostileFileError, UnreadableFileError, ImportQuestion):
        list(read_file(data, Choices()).items)
