import json
import random
import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.lexicon import listed
from jobs.redaction import Redactor, luhn

GIVEN = [
    "Priya",
    "Callum",
    "Siobhan",
    "Mateo",
    "Fatima",
    "Kayleigh",
    "Darnell",
    "Agnieszka",
    "Oluwaseun",
    "Wei",
    "Chloe",
    "Gareth",
]
SURNAMES = [
    "Patel",
    "O'Connor",
    "Kowalski",
    "Nguyen",
    "Rodriguez",
    "Okafor",
    "MacDonald",
    "Begum",
    "Schwartz",
    "Hughes",
]
# None of these is in the gazetteer: only what stands around them says that they are people.
UNLISTED = [
    "Zebedee",
    "Thandolwethu",
    "Bjarke",
    "Quetzalli",
    "Oisinn",
    "Xanthippe",
    "Leocadia",
    "Wulfric",
    "Nkosana",
    "Ermintrude",
    "Ragnhild",
    "Pelagia",
    "Hjalmar",
    "Ozioma",
    "Tesfaye",
    "Kamalini",
    "Yevgenia",
    "Blodeuwedd",
    "Ithamar",
    "Zuzka",
]
SAID_OF_NAMES = [
    "how much have i sent {} this year",
    "sent 40 to {} for the gas bill",
    "has {} paid me back yet",
    "{} owes me 30 quid",
    "whats the payment from {} on tuesday",
    "show me everything to {}",
    "did the 200 from {} come in?",
    "split dinner with {} last night",
    "my landlord {} put the rent up",
    "hi its {} here, whats my balance",
    "transfer to {} 12 march, what was it",
    "thats {}'s birthday money",
    "rent goes to mr {} on the 1st",
]
SAID_OF_UNLISTED = [
    "how much do i owe {}",
    "{} owes me for petrol",
    "my sister {} sent me money",
    "can you see the 50 i sent to {} on friday",
    "did {} pay me back for the tickets",
    "venmo {} 25 for pizza",
    "my name is {}",
    "theres a payment to my flatmate {} missing",
    "i lent {} 100 in june",
    "rent goes to mr {}",
]


@cache
def _rng(seed: int = 7) -> random.Random:
    return random.Random(seed)


def _digits(count: int) -> str:
    return "".join(_rng().choice("0123456789") for _ in range(count))


def _card() -> str:
    start = _rng().choice(["4", "5", "2", "3"]) + _digits(13 if _rng().random() < 0.2 else 14)
    number = next(start + check for check in "0123456789" if luhn(start + check))
    groups = re.findall(".{1,4}", number)
    return _rng().choice([number, " ".join(groups), "-".join(groups)])


def _iban() -> str:
    bank, rest = _rng().choice(["NWBK", "BARC", "LOYD"]), _digits(14)
    check = 98 - int("".join(str(int(c, 36)) for c in bank + rest + "GB00")) % 97
    number = f"GB{check:02}{bank}{rest}"
    return _rng().choice([number, " ".join(re.findall(".{1,4}", number))])


def _postcode() -> str:
    area = _rng().choice(["LS6", "SW1A", "M14", "EH3", "BT7", "CF10", "B15", "N1", "G12"])
    return area + _rng().choice([" ", "", " "]) + _rng().choice(["3RD", "1AA", "6PX", "5QT", "2LN"])


def _street() -> str:
    name = _rng().choice(["Acacia", "Station", "Elm Tree", "Queen Victoria", "Mill", "St Mary's"])
    kind = _rng().choice(["Road", "Street", "Avenue", "Lane", "Close", "St", "Ave", "Drive"])
    town = _rng().choice(["", ", Leeds LS6 3RD", ", Austin, TX 78704", ", Boise, ID 83702"])
    return f"{_rng().randint(1, 480)} {name} {kind}{town}"


def _phone() -> str:
    forms = [
        "07700 9" + _digits(5),
        "077009" + _digits(5),
        "+44 7700 9" + _digits(5),
        "020 7946 0" + _digits(3),
        "(0161) 496 0" + _digits(3),
        "(212) 555-0" + _digits(3),
        "512-555-0" + _digits(3),
        "+1 415 555 0" + _digits(3),
        "415.555.0" + _digits(3),
    ]
    return _rng().choice(forms)


def _reference() -> str:
    return _rng().choice(
        [
            f"FP{_digits(6)}KX",
            f"{_digits(3)}-{_digits(7)}-{_digits(7)}",
            f"INV-{_digits(5)}",
            _digits(7),
        ]
    )


def _mail() -> str:
    who = _rng().choice(["j.smith", "maria_89", "the.real.dave", "kp", "anna-b"])
    return f"{who}{_digits(2)}@{_rng().choice(['gmail.com', 'btinternet.com', 'uni.ac.uk'])}"


OTHERS = [
    (25, _card, ["my card {} was stolen", "is {} my visa or the debit one", "card no {}"]),
    (15, _iban, ["pay it into {}", "my iban is {} can you check", "iban {}"]),
    (
        20,
        lambda: f"20-{_rng().randint(40, 99)}-{_digits(2)}",
        ["sort code {}", "its {} at barclays"],
    ),
    (25, lambda: _rng().choice("23456789") + _digits(7), ["account number {}", "acc {} is my isa"]),
    (5, lambda: "021000" + _digits(3), ["routing number {}", "my routing is {}"]),
    (20, _mail, ["send the csv to {}", "my email is {} if you need it", "export to {} please"]),
    (
        30,
        _phone,
        ["ring me on {}", "my number's {}", "text {} when it goes under 100", "{} is old"],
    ),
    (20, _street, ["i moved to {}", "my address is {}", "send the letter to {} please"]),
    (15, _postcode, ["my postcode is {}", "ive moved to {} now", "{} is where i live"]),
    (20, _reference, ["payment ref {}", "order {} never came", "whats reference {}", "ref: {}"]),
    (
        5,
        lambda: f"QQ {_digits(2)} {_digits(2)} {_digits(2)} C".replace("QQ", "AB"),
        ["my ni is {}"],
    ),
]


def _names(count: int, given_names: list[str], said: list[str]) -> list[tuple[str, str]]:
    planted = []
    for number in range(count):
        name = _rng().choice(given_names)
        if given_names is GIVEN and number % 2:
            name += " " + _rng().choice(SURNAMES)
        planted.append((name, said[number % len(said)].format(name)))
    return planted


@cache
def planted() -> list[tuple[str, str]]:
    """300 pieces of personal data, each with a message that holds it."""
    found = _names(70, GIVEN, SAID_OF_NAMES) + _names(30, UNLISTED, SAID_OF_UNLISTED)
    for count, make, said in OTHERS:
        for number in range(count):
            value = make()
            found.append((value, said[number % len(said)].format(value)))
    return found


def _left(value: str, redacted: str) -> bool:
    """Whether a part of the value that tells something stands in the redacted message."""
    low = redacted.lower()
    parts = re.findall(r"\d{4,}|[^\W\d_]{3,}", value.lower().replace("'", ""))
    streets = {
        "road",
        "street",
        "avenue",
        "lane",
        "close",
        "ave",
        "drive",
        "leeds",
        "austin",
        "boise",
    }
    return any(part in low for part in parts if part not in streets)


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor()


def test_the_planted_set_is_300_and_its_unlisted_names_are_in_no_list():
    assert len(planted()) == 300
    known = listed("given") | listed("given_words") | listed("given_traps") | listed("surnames")
    assert not {name.lower() for name in UNLISTED} & known


@pytest.mark.parametrize("case", [str, str.lower, str.upper])
def test_recall_of_planted_personal_data_is_at_least_95_percent(redactor, case):
    missed = [
        (value, redactor.redact(case(text)))
        for value, text in planted()
        if _left(value, redactor.redact(case(text)))
    ]
    assert len(missed) <= 15, missed


def test_names_held_out_of_the_gazetteer_are_found_by_what_stands_around_them():
    held_out = Redactor(without=[name.lower() for name in GIVEN])
    messages = _names(100, [n for n in GIVEN if n != "Wei"], SAID_OF_UNLISTED)
    missed = [text for name, text in messages if _left(name, held_out.redact(text.lower()))]
    assert len(missed) <= 15, missed


ORDINARY = """
how much did i spend in april
whats my april budget looking like
will i run out before payday
when will the rent go out
mark the asda one as petrol
can you mark this as groceries
how much is my chase card
move it from chase to savings? no, show chase only
did virgin put my bill up
virgin media, when is it due
what did i spend in may and june
is august going to be as bad as july
how much at john lewis this year
biggest shop at marks and spencer
m&s vs waitrose in march
spent at ross and tj maxx
wendys last week
how often do i go to mcdonald's
dominos or papa johns, which costs me more
ben and jerrys again lol
how much went to trader joe's in 2024
jack daniels is not groceries
ted baker 129.99 what is that
my grace period, when does it end
i hope i can afford the holiday
is my bill paid
the rich get richer eh
cash withdrawals over $200
dawn to dusk parking charge £12.50
is amazon prime 8.99 or 95 a year
show payments between 12/03/2025 and 25/03/2025
what about 2024-11-25
since 01-02-25
£1,250.00 rent on the 28th
$12,345,678 lol i wish
5 quid on the way home
20 bucks for a place to park
3 coffees in the park view cafe
only over 20 quid
how did i do week 1 vs week 2
top 10 shops
save 1500 for tokyo by 15 june
can i afford a 300000 house
cap eating out at 200 a month
send me the csv
netflix 10.99 went up to 12.99
set an alert under 100
am i ok til friday
what is SQ *BLBTL
what is TST* KING ST
show me uber, lyft and bolt
lloyds and santander balances
capital one vs discover
credit union fees in q1 2025
how many times did i go to costa in the last 30 days
paid my phone bill 3 times
sunday roast for 4 people 80 quid
the sapphire card interest
max out my isa
new years eve spending
summer vs winter heating
christmas budget 400
who are you
what can you do
good morning florin
love you
""".strip().splitlines()


def test_ordinary_messages_stay_as_they_are(redactor):
    changed = [(text, redactor.redact(text)) for text in ORDINARY if redactor.redact(text) != text]
    assert changed == []


def test_few_messages_of_the_history_are_changed(redactor, data_folder):
    texts = [
        json.loads(line)["text"]
        for path in sorted((data_folder / "messages").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    changed = [text for text in texts if redactor.redact(text) != text]
    # About 40 of 4,500 do name somebody or give a number; wrong ones are to stay below 0.5 %.
    assert len(changed) <= 40 + 0.005 * len(texts), changed


def test_payees_of_the_ledger_are_names(redactor):
    text = "what did i pay bramblewick oddfellow and oddfellow again"
    known = Redactor(payees=["Bramblewick Oddfellow"])
    assert known.redact(text) == "what did i pay <NAME> and <NAME> again"
    assert Redactor(payees=["Will Price"]).redact("will price go up") == "<NAME> go up"
    assert Redactor(payees=["Will Price"]).redact("will the price go up") == "will the price go up"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("sort code 20-45-77 acc 12345678", "sort code <SORT-CODE> acc <ACCOUNT>"),
        ("card 4111 1111 1111 1111 got nicked", "card <CARD> got nicked"),
        ("flat 3b, 22 high st london sw1a 1aa", "<ADDRESS>"),
        ("my brother will owes me 20", "my brother <NAME> owes me 20"),
        ("FPS MR J SMITH REF RENT", "FPS MR <NAME> REF RENT"),
        ("dave's half of rent", "<NAME>'s half of rent"),
        ("from 020 7946 0123", "from <PHONE>"),
    ],
)
def test_placeholders_tell_the_kind(redactor, text, redacted):
    assert redactor.redact(text) == redacted


@given(st.text(max_size=200))
def test_any_text_is_redacted_and_twice_is_once(text):
    once = _shared().redact(text)
    assert _shared().redact(once) == once


@cache
def _shared() -> Redactor:
    return Redactor()
