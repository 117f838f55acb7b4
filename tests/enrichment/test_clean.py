import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.clean import parse, words_of
from enrichment.counterparty import complete, same
from enrichment.location import locate
from enrichment.names import ended, readable


@pytest.mark.parametrize(
    ("line", "rail", "name", "memo"),
    [
        ("ACME LTD (Direct Debit) Reference: 123", "direct_debit", "ACME LTD", "123"),
        ("Ann Lee (P2P Payment) Reference: pizza 🍕", "person", "Ann Lee", "pizza 🍕"),
        ("FASTER PAYMENT  ANN LEE  HOLIDAY", "faster_payment", "ANN LEE", "HOLIDAY"),
        ('Zelle payment to Ann Lee for "rent"; Conf# abc1', "person", "Ann Lee", "rent"),
        ("Zelle payment from BO LEE 24718830915", "person", "BO LEE", ""),
        ("FPO A LEE", "faster_payment", "A LEE", ""),
        ("ACME COUNCIL DDR", "direct_debit", "ACME COUNCIL", ""),
        ("DIRECT DEBIT PAYMENT TO ACME REF 77, MANDATE NO 1", "direct_debit", "ACME", "77"),
        ("CHECKCARD 0502 ACME DINER", "card", "ACME DINER", ""),
        ("ACME WATER , 10044182", "direct_debit", "ACME WATER", "10044182"),
        ("ACME LTD , WAGES A LEE", "direct_debit", "ACME LTD", "WAGES A LEE"),
        ("A LEE , RENT , STANDING ORDER", "standing_order", "A LEE", "RENT"),
        ("A LEE , BOAT , FP 03/02/26 1032 , 5000001", "faster_payment", "A LEE", "BOAT"),
        ("'A LEE , BOAT , VIA MOBILE - PYMT , FP 03/02/26 10", "faster_payment", "A LEE", "BOAT"),
        ("4417 12MAR26 C , ACME DINER , LEEDS GB", "card", "ACME DINER LEEDS GB", ""),
        ("ACME DINER , LEEDS GB 4417 12MAR26", "card", "ACME DINER LEEDS GB", ""),
        ("CASH 4417 12MAR26 , ACME BANK , LEEDS GB", "cash", "ACME BANK LEEDS GB", ""),
        ("SO TO ACME REF RENT , MANDATE NO 3", "standing_order", "ACME", "RENT"),
        (
            "A LEE 300000001242633154 BOAT 804621  10 12MAR26 18:02",
            "faster_payment",
            "A LEE",
            "BOAT",
        ),
        ("A LEE RP1358707295232139", "faster_payment", "A LEE", ""),
        (
            "STANDING ORDER TO A LEE REF 1234567890123456",
            "standing_order",
            "A LEE",
            "1234567890123456",
        ),
        ("TRANSFER TO SAVINGS CD 4417", "", "TRANSFER TO SAVINGS", ""),
        ("ONLINE PAYMENT, THANK YOU", "", "ONLINE PAYMENT, THANK YOU", ""),
        ("BP FIELDGATE CD 4417", "card", "BP FIELDGATE", ""),
        ("LNK HIGH ST CD 4417 12MAR26", "cash", "HIGH ST", ""),
        ("Card payment, Acme Diner", "card", "Acme Diner", ""),
        ("Monzo-to-Monzo, Ann Lee, boat ⛵", "person", "Ann Lee", "boat ⛵"),
        ("Ann Lee, boat, FASTER PAYMENT", "faster_payment", "Ann Lee", "boat"),
        ("ACH Withdrawal to ACME BANK NA", "ach", "ACME BANK NA", ""),
        ("CHECKCARD 0502 ACME 24906414030192603044303 RECURRING CKCD 5812 XXX", "card", "ACME", ""),
        ("CHECKCARD 0502 ACME XXXXX9930XXXXXXXXXX3036 RECURRING", "card", "ACME", ""),
        ("ACME BANK ATM 07/15 #000001234 WITHDRWL MAIN ST", "cash", "ACME BANK ATM MAIN ST", ""),
        ("PAYPAL DES:INST XFER ID:ACME INC INDN:LEE CO ID:PAYPALSI77 WEB", "ach", "ACME INC", ""),
        ("PAYPAL DES:TRANSFER ID:1029 INDN:LEE", "ach", "PAYPAL", ""),
    ],
)
def test_rails_are_taken_apart(line: str, rail: str, name: str, memo: str) -> None:
    found = parse(line)
    assert (found.rail, found.name, found.memo) == (rail, name, memo)


@pytest.mark.parametrize(
    ("line", "name", "entry"),
    [
        ("ELECTRONIC WITHDRAWAL NORTHFIELD INSUR PREMIUM", "NORTHFIELD INSUR", "PREMIUM"),
        ("WEB AUTHORIZED PMT QUORNDON WATER D WEBPAYMNT", "QUORNDON WATER D", "WEBPAYMNT"),
        ("ELECTRONIC DEPOSIT CITY OF QUORNDON PAYROLL", "CITY OF QUORNDON", "PAYROLL"),
        ("QUORNDON BANK ETRANSFER 260526 XXXXX1092 ANN LEE", "QUORNDON BANK", "ETRANSFER"),
        ("ELECTRONIC WITHDRAWAL QUORNDON", "QUORNDON", ""),
        ("ACH DEBIT QUORNDON TAX", "QUORNDON TAX", ""),
    ],
)
def test_an_ach_line_tells_the_company_from_its_word(line: str, name: str, entry: str) -> None:
    found = parse(line)
    assert (found.rail, found.name, found.entry) == ("ach", name, entry)


def test_a_city_that_fills_its_column_stands_apart_from_its_state() -> None:
    found = parse("TST* QUORNDON DINER 12 SAN FRANCISCOCA")
    assert found.fields == ("QUORNDON DINER 12", "SAN FRANCISCO CA")
    assert parse("TST* QUORNDON DINER 12 QUORNDON DINCA").fields[0].endswith("DINCA")


def test_ach_entries_keep_their_own_word() -> None:
    found = parse("ORIG CO NAME:ACME INC ORIG ID:1 CO ENTRY DESCR:PAYROLL SEC:PPD IND NAME:LEE")
    assert (found.rail, found.name, found.entry) == ("ach", "ACME INC", "PAYROLL")


@pytest.mark.parametrize(
    ("line", "processor", "name"),
    [
        ("SQ *CODE BLUE CPR LLC", "square", "CODE BLUE CPR LLC"),
        ("TST* THE DINER", "toast", "THE DINER"),
        ("ZETTLE_*THE BAKERY", "zettle", "THE BAKERY"),
        ("UBER   *TRIP", "", "UBER"),
        ("DD *DOORDASH ACME 855-555-0100 CA", "doordash", "DOORDASH ACME 855-555-0100 CA"),
    ],
)
def test_processors_stand_before_the_merchant(line: str, processor: str, name: str) -> None:
    found = parse(line)
    assert (found.processor, found.name) == (processor, name)


def test_names_are_made_readable() -> None:
    assert readable("CODE BLUE CPR LLC") == "Code Blue CPR"
    assert readable("ACME STORES 0614") == "Acme Stores"
    assert readable("giffgaff") == "Giffgaff"
    assert readable("TAP HOUSE ON 5TH") == "Tap House on 5th"
    assert readable("McCoy's Diner") == "McCoy's Diner"
    assert complete("OAK AUTO REPA") == "OAK AUTO REPAIR"
    assert same("ACME LTD", "acme")
    assert not same("Acme", "Acme Diner")


@pytest.mark.parametrize(
    ("line", "currency", "place"),
    [
        ("ACME DINER           LEEDS         GBR", "GBP", ("Leeds", None, "GB")),
        ("ACME DINER             LEEDS", "GBP", ("Leeds", None, "GB")),
        ("ACME DINER SAN DIEGO CA", "USD", ("San Diego", "CA", "US")),
        ("ACME 800-555-0100 CA", "USD", (None, "CA", "US")),
        ("ACME CAFE SE16", "GBP", ("London", None, "GB")),
        ("4417 12MAR26 , ACME DINER , LEEDS GB", "GBP", ("Leeds", None, "GB")),
        (
            "ACME ATM 07/15 #000001234 WITHDRWL MAIN ST SAN DIEGO CA",
            "USD",
            ("San Diego", "CA", "US"),
        ),
        ("ACME TOLLS E-19 303-555-0100 CO", "USD", (None, "CO", "US")),
        ("ACME DINER", "USD", (None, None, None)),
    ],
)
def test_a_place_is_what_the_line_prints(
    line: str, currency: str, place: tuple[str | None, ...]
) -> None:
    found = locate(parse(line).fields, currency)
    assert (found.city, found.region, found.country) == place


@given(st.text(max_size=12_000))
def test_any_text_gives_some_line(text: str) -> None:
    line = parse(text)
    locate(line.fields, "USD")
    readable(line.name)
    words_of(text)


@pytest.mark.parametrize(
    "line",
    ["", "\x00\x01", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "\u202eTESCO", "*" * 10_000,
     "( " * 5_000, "a" * 10_000, "1 " * 5_000, "ORIG CO NAME:" * 700],
)  # fmt: skip
def test_hostile_lines_are_read_too(line: str) -> None:
    assert parse(line).rail is not None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Village Vets Ranelagh", "Village Vets"),
        ("THE TOWN BARBERS ROATH", "THE TOWN BARBERS"),
        ("RUDY'S PIZZA ANCOATS", "RUDY'S PIZZA"),
        ("PLANTLIFE GARDEN CENTRE", "PLANTLIFE GARDEN CENTRE"),
        ("PIZZA EXPRESS LEEDS", "PIZZA EXPRESS LEEDS"),
        ("The Pharmacy Burger Parlor", "The Pharmacy Burger Parlor"),
        ("", ""),
    ],
)
def test_a_branch_street_is_no_part_of_a_name(line: str, name: str) -> None:
    assert ended(line) == name


@pytest.mark.parametrize(
    ("line", "rail", "name", "entry", "memo"),
    [
        ("HARBOR HEALTH PAYROLL 240412 5520911 ANN LEE", "ach", "HARBOR HEALTH", "PAYROLL", ""),
        ("DESERT POWER CO WEB PMTS 041624 8X1K2 ANN LEE", "ach", "DESERT POWER CO", "WEB PMTS", ""),
        ("VENMO PAYMENT 240508 10293847 ANN LEE", "ach", "VENMO", "PAYMENT", ""),
        ("ZELLE TO LEE ANN ON 05/07 REF #RP0TX1 LAWN", "person", "ANN LEE", "", "LAWN"),
        ("ATM WITHDRAWAL AUTHORIZED ON 05/05 12 N OAK AVE", "cash", "12 N OAK AVE", "", ""),
    ],
)
def test_entries_of_american_banks(line: str, rail: str, name: str, entry: str, memo: str) -> None:
    read = parse(line)
    assert (read.rail, read.name, read.entry, read.memo) == (rail, name, entry, memo)
