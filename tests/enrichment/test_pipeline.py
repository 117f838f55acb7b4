from datetime import date

import pytest

from enrichment.corrections import Rule
from enrichment.decide import decide
from enrichment.export import to_json
from enrichment.models import BrokenModelError, Models, load
from enrichment.pipeline import Enrichment, enrich
from jobs.enrichment_measure import (
    Tally,
    calibration,
    same_category,
    score_streams,
    streams_of,
    tally_row,
)
from jobs.enrichment_people import Golden
from ledger.types import Account, Transaction

_CURRENT = Account("c", "Monzo", "checking", "GBP", "Current")
_SAVER = Account("s", "Starling Bank", "savings", "GBP", "Saver")
_CARD = Account("k", "American Express", "credit", "GBP", "Card")


def _row(id_: str, account: str, day: date, text: str, minor: int) -> Transaction:
    return Transaction(id_, account, day, text, minor, "GBP")


def _one(models: Models, text: str, minor: int, account: Account = _CURRENT) -> Enrichment:
    return enrich([account], [_row("t", account.id, date(2026, 5, 4), text, minor)], models)


@pytest.mark.parametrize(
    ("text", "minor", "id_", "category"),
    [
        ("TESCO STORES 2041      LEEDS         GBR", -1840, "tesco", "groceries.supermarket"),
        ("NETFLIX.COM            AMSTERDAM     NLD", -1299, "netflix", "subscriptions.video"),
        ("SAINSBURYS S/MKTS      LEEDS         GBR", -2310, "sainsburys", "groceries.supermarket"),
        ("TFL TRAVEL CH          LONDON        GBR", -560, "transport_for_london",
         "transport.public.local"),
        ("UBER   *TRIP           HELP.UBER.COM NLD", -1242, "uber", "transport.taxi"),
    ],
)  # fmt: skip
def test_known_merchants(models: Models, text: str, minor: int, id_: str, category: str) -> None:
    [row] = _one(models, text, minor).rows
    assert (row.counterparty_id, row.category) == (id_, category)
    assert row.counterparty_confidence > 0.8


@pytest.mark.parametrize(
    ("text", "minor", "category"),
    [
        ("SUMUP *HARTLEY DENTAL CARE", -6500, "health.dental"),
        ("OAKFIELD VETERINARY SURGERY LEEDS", -8200, "family.pets.vet"),
        ("ZETTLE_*LITTLE ROSE BAKERY", -640, "eating_out.snack"),
        ("THE ROYAL OAK INN HARROGATE", -2350, "eating_out.bar"),
    ],
)
def test_unseen_merchants_are_known_by_their_words(
    models: Models, text: str, minor: int, category: str
) -> None:
    [row] = _one(models, text, minor).rows
    assert row.category == category


def test_two_legs_of_a_move_are_one_thing(models: Models) -> None:
    rows = [
        _row("a", "c", date(2026, 5, 29), "Ann Lee (Faster Payments) Reference: HOLIDAY", -15000),
        _row("b", "s", date(2026, 5, 29), "FASTER PAYMENT  ANN LEE  HOLIDAY", 15000),
    ]
    found = enrich([_CURRENT, _SAVER], rows, models).rows
    assert {row.category for row in found} == {"savings.pot"}


def test_a_card_repayment_is_no_spending(models: Models) -> None:
    rows = [
        _row("a", "c", date(2026, 5, 29), "AMERICAN EXPRESS (Direct Debit) Reference: 1", -33288),
        _row("b", "k", date(2026, 5, 29), "PAYMENT RECEIVED - THANK YOU", 33288),
    ]
    found = enrich([_CURRENT, _CARD], rows, models).rows
    assert {row.category for row in found} == {"debt.credit_card"}
    assert {row.counterparty_id for row in found} == {"american_express"}


@pytest.mark.parametrize(
    ("text", "minor", "id_", "category"),
    [
        ("ORCHARD DENTAL GRP DES:ADP DIRDEP ID:88X INDN:LEE", 141_207, "orchard_dental_grp",
         "income.pay.salary"),
        ("ORCHARD DENTAL GRP DES:GUSTO PAY ID:88X INDN:LEE", 141_207, "orchard_dental_grp",
         "income.pay.salary"),
        ("AMAZON.COM REFUND 8KX2Q1", 2_050, "amazon", "income.money_back.refund"),
        ("TARGET REFUND AUSTIN TX", 2_050, "target", "income.money_back.refund"),
        ("CHECKCARD 0504 QUORNDON AUSTIN TX 24692161306279221183348 RECURRING CKCD 5995 XXXX4417",
         -3_150, "quorndon", "family.pets.supplies"),
        ("PAYPAL DES:INST XFER ID:ETSY INC INDN:LEE CO ID:PAYPALSI77 WEB", -3_150, "etsy",
         "shopping.marketplace"),
    ],
)  # fmt: skip
def test_american_lines_say_who_and_what_for(
    models: Models, text: str, minor: int, id_: str, category: str
) -> None:
    account = Account("a", "Bank of America", "checking", "USD", "Checking")
    [row] = enrich(
        [account], [Transaction("t", "a", date(2026, 5, 4), text, minor, "USD")], models
    ).rows
    assert (row.counterparty_id, row.category) == (id_, category)


def test_a_refund_names_its_purchase(models: Models) -> None:
    rows = [
        _row("a", "k", date(2026, 6, 24), "ASOS.COM                LONDON", -7800),
        _row("b", "k", date(2026, 7, 6), "ASOS.COM                LONDON", 4600),
    ]
    found = enrich([_CARD], rows, models).rows
    assert found[1].category == "income.money_back.refund"
    assert found[1].refund_of == "a"
    assert found[0].refund_of is None


def test_a_friends_share_is_money_back(models: Models) -> None:
    text = "Bo Lee (P2P Payment) Reference: half of the electric bill"
    [row] = _one(models, text, 3200).rows
    assert row.category == "income.money_back.refund"
    assert row.counterparty == "Bo Lee"


def _categories(models: Models, *lines: tuple[str, int]) -> list[str | None]:
    rows = [
        _row(str(n), "c", date(2026, 5, 4 + n), text, minor)
        for n, (text, minor) in enumerate(lines)
    ]
    return [row.category for row in enrich([_CURRENT], rows, models).rows]


def _monthly(text: str, minor: int, months: int = 5) -> list[Transaction]:
    return [
        _row(f"{minor}{n}", "c", date(2026, n + 1, 1), text, minor) for n in range(1, months + 1)
    ]


def test_the_largest_payment_that_nothing_explains_is_the_rent(models: Models) -> None:
    rows = _monthly("DD XYLOBIN PARTNERS 00412", -84_000)
    found = enrich([_CURRENT], [*rows, *_monthly("DD VYRNO QELT 7781", -31_000)], models)
    assert {row.category for row in found.rows[: len(rows)]} == {"housing.rent"}
    assert all(row.category != "housing.rent" for row in found.rows[len(rows) :])
    home = _monthly("STANDING ORDER RENT FLAT 3 ANN LEE", -70_000)
    found = enrich([_CURRENT], [*rows, *home], models)
    assert all(row.category != "housing.rent" for row in found.rows[: len(rows)])


def test_who_sends_money_and_was_never_paid_pays_for_work(models: Models) -> None:
    jobs = [
        _row(
            f"j{n}", "c", date(2026, n, 9), f"XYLOBIN EQUINE LTD RP135870729523213{n} LOCUM", 14_000
        )
        for n in (3, 4, 5)
    ]
    found = enrich([_CURRENT], jobs, models)
    assert {row.category for row in found.rows} <= {"income.pay.freelance", "income.pay.salary"}
    taught = Rule("income.money_back.refund", counterparty_id=found.rows[0].counterparty_id)
    told = enrich([_CURRENT], jobs, models, [taught])
    assert {row.category for row in told.rows} == {"income.money_back.refund"}
    bought = _row(
        "b", "c", date(2026, 2, 1), "XYLOBIN EQUINE LTD RP1358707295232131 VISIT", -20_000
    )
    [back, *_] = enrich([_CURRENT], [jobs[0], bought], models).rows
    assert back.category != "income.pay.freelance"


def test_what_people_pay_for_jobs_is_no_refund(models: Models) -> None:
    jobs = (
        ("T OKAFOR , SHOWER PUMP , FP 04/05/26 1032 , 5000001", 18_000),
        ("R VIRTANEN , KITCHEN TAPS , FP 05/05/26 1140 , 5000002", 12_500),
    )
    assert _categories(models, *jobs) == ["income.pay.freelance"] * 2
    assert _categories(models, jobs[0]) == ["transfers.person"]


def test_a_share_has_a_purchase_behind_it(models: Models) -> None:
    bought = ("SUMUP *GOLDEN DRAGON RESTAURANT", -6_240)
    back = ("T OKAFOR (Faster Payments) Reference: chinese restaurant", 2_080)
    assert _categories(models, bought, back)[1] == "income.money_back.refund"
    assert _categories(models, back) == ["transfers.person"]


def test_a_person_called_like_a_shop_is_a_person(models: Models) -> None:
    account = Account("c", "Chase", "checking", "USD", "Checking")
    [row] = _one(models, "Zelle payment to Target Johnson JPM99lq20zk8", -3200, account).rows
    assert row.counterparty == "Target Johnson"
    assert row.website is None


def test_streams_tell_what_comes_next(models: Models) -> None:
    rows = [
        _row(f"t{n}", "c", date(2026, n, 17), "NETFLIX.COM  AMSTERDAM  NLD", -1299)
        for n in range(1, 7)
    ]
    result = enrich([_CURRENT], rows, models)
    [stream] = result.streams
    assert (stream.cadence, stream.status, stream.income) == ("monthly", "mature", False)
    assert stream.next_on == date(2026, 7, 17)
    assert stream.next_minor == -1299
    assert {row.stream_id for row in result.rows} == {stream.id}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00\x1f",
        "=1+1",
        "<b>x</b>",
        "\u202e\u200f",
        "x" * 10_000,
        "*" * 10_000,
        "😀" * 99,
    ],
)
def test_hostile_text_gives_an_unsure_answer(models: Models, text: str) -> None:
    for minor in (-100, 0, 100):
        [row] = _one(models, text, minor).rows
        assert row.category is not None
        assert 0 <= row.category_confidence <= 1


def test_the_same_input_gives_the_same_output(models: Models) -> None:
    rows = [
        _row(f"t{n}", "c", date(2026, 1 + n % 9, 3), f"SHOP {n % 5} LEEDS", -100 * n)
        for n in range(30)
    ]
    assert enrich([_CURRENT], rows, models) == enrich([_CURRENT], rows, models)


def test_lines_are_decided_alike_alone_and_among_others(
    models: Models, people: dict[str, tuple[Golden, Enrichment]]
) -> None:
    for person, _ in people.values():
        homes = {account.id: account for account in person.accounts}
        # Rows of one text and like amounts share an answer; one of each is taken.
        rows = list({r.description: (r, homes[r.account_id]) for r in person.rows}.values())
        for row, together in zip(rows, decide(rows, models), strict=True):
            [alone] = decide([row], models)
            assert alone.choice.category == together.choice.category
            assert alone.choice.confidence == pytest.approx(together.choice.confidence, abs=0.02)
            assert (alone.id, alone.name, alone.how) == (together.id, together.name, together.how)


def test_a_row_of_an_unknown_account_is_enriched_too(models: Models) -> None:
    [row] = enrich([], [_row("t", "?", date(2026, 5, 4), "TESCO STORES", -100)], models).rows
    assert row.counterparty_id == "tesco"
    assert enrich([], [], models) == Enrichment([], [])


def test_a_row_becomes_the_json_of_the_contract(models: Models) -> None:
    result = _one(models, "TESCO STORES 2041      LEEDS         GBR", -1840)
    said = to_json(result.rows[0], {})
    assert said["counterparty"]["id"] == "tesco"
    assert said["location"]["city"] == "Leeds"
    assert said["recurring"] == {
        "value": False,
        "confidence": said["recurring"]["confidence"],
        "stream": None,
        "cadence": None,
        "income": False,
    }


def test_a_broken_folder_says_what_to_do(tmp_path: object) -> None:
    with pytest.raises(BrokenModelError, match="florin train enrichment"):
        load(type(tmp_path)(str(tmp_path)))  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("APPFOLIO WEB PMT CEDAR RIDGE REALTY", "Cedar Ridge Realty"),
        ("BRIGHTWHEEL*BLUE KITE PRESCHOOL", "Blue Kite Preschool"),
        ("APPFOLIO WEB PMT", "AppFolio"),
    ],
)
def test_a_collectors_line_is_with_whom_it_names_else_unsure(
    models: Models, text: str, name: str
) -> None:
    account = Account("c", "Chase", "checking", "USD", "Checking")
    row = Transaction("t", account.id, date(2026, 5, 4), text, -95_000, "USD")
    [found] = enrich([account], [row], models).rows
    assert found.counterparty == name
    assert name != "AppFolio" or found.counterparty_confidence < 0.2


def test_golden_people_meet_the_goals(people: dict[str, tuple[Golden, Enrichment]]) -> None:
    right = {"leaf": 0, "top": 0, "essential": 0}
    total, found, true = 0, 0, 0
    for person, result in people.values():
        streams = streams_of(person, result, income=False)
        found += streams.hits
        true += max(streams.found, streams.true)
        for row in result.rows:
            label = person.labels[row.transaction_id]
            category = row.category or ""
            total += 1
            right["leaf"] += same_category(category, label["category"])
            right["top"] += category.split(".")[0] == label["category"].split(".")[0]
            right["essential"] += row.essential == (label["essential"] == "yes")
    assert right["leaf"] / total >= 0.82
    assert right["top"] / total >= 0.90
    assert right["essential"] / total >= 0.93
    assert found / true >= 0.88


def test_what_was_spent_at_known_shops_is_what_the_labels_say(
    people: dict[str, tuple[Golden, Enrichment]],
) -> None:
    person, result = people["maya"]
    got = {row.transaction_id: row for row in result.rows}
    for shop, name in (("tesco", "Tesco"), ("aldi", "Aldi"), ("sainsburys", "Sainsbury's")):
        ours = sum(t.minor for t in person.rows if got[t.id].counterparty_id == shop)
        theirs = sum(t.minor for t in person.rows if person.labels[t.id]["counterparty"] == name)
        assert ours == theirs


def test_streams_match_one_to_one() -> None:
    score = score_streams([{"a", "b"}, {"a", "b", "c"}], [{"a", "b"}, {"x"}])
    assert (score.hits, score.found, score.true) == (1, 2, 2)


def test_confidence_ranks_right_answers_first(
    people: dict[str, tuple[Golden, Enrichment]],
) -> None:
    rows = [
        (row.category_confidence, row.category == person.labels[row.transaction_id]["category"])
        for person, result in people.values()
        for row in result.rows
    ]
    rows.sort(reverse=True)
    half = len(rows) // 2
    best = sum(right for _, right in rows[:half]) / half
    rest = sum(right for _, right in rows[half:]) / (len(rows) - half)
    assert best > rest


def test_confidences_are_those_of_held_out_lines(
    people: dict[str, tuple[Golden, Enrichment]],
) -> None:
    whole = Tally()
    for person, result in people.values():
        for row in result.rows:
            tally_row(whole, row, person.labels[row.transaction_id])
    error = calibration(whole)
    assert error["category"] <= 0.06
    assert error["essential"] <= 0.05
    assert error["location"] <= 0.07
    assert error["recurring"] <= 0.05
    assert error["counterparty"] <= 0.06
