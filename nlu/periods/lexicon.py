"""The words of time as typed atoms, misspelt and texted ones too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu.words import in_order, is_known, listed


@dataclass(frozen=True, slots=True)
class Atom:
    """What a word may be; several at once (`second` is a unit and an ordinal).

    Attributes:
        unit: Calendar unit.
        month: 1 to 12.
        weekday: 0 (Monday) to 6.
        mod: -1 last, 0 this, 1 next.
        number: A cardinal.
        ordinal: A rank; -1 is the last.
        relative: Days from today (`yesterday`).
        season: Name of a season.
        part: Part of a day (`morning`), which leaves the day as it is.
        risky: Also an everyday word or a name, so a neighbour must confirm it.
    """

    unit: str | None = None
    month: int | None = None
    weekday: int | None = None
    mod: int | None = None
    number: int | None = None
    ordinal: int | None = None
    relative: int | None = None
    season: str | None = None
    part: str | None = None
    risky: bool = False


NOTHING = Atom()

_UNITS = {
    "day": "day days dys",
    "week": "week weeks wk wks weak weeek",
    "fortnight": "fortnight fortnights fortnite",
    "weekend": "weekend weekends wkend wknd wkends weeknd wkd",
    "month": "month months mnth mnths mth mths mo mos mon's",
    "quarter": "quarter quarters qtr qtrs qrtr",
    "year": "year years yr yrs",
    "decade": "decade decades",
    "hour": "hour hours hr hrs",
    "minute": "minute minutes min mins",
}
_MONTHS = (
    "january jan",
    "february feb febuary",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sept sep",
    "october oct",
    "november nov",
    "december dec",
)
_WEEKDAYS = (
    "monday mon mondays",
    "tuesday tue tues tuesdays",
    "wednesday wed weds wednesdays",
    "thursday thu thur thurs thursdays",
    "friday fri fridays",
    "saturday sat sats saturdays",
    "sunday sun sundays",
)
_MODS = {
    -1: "last previous prev past preceding prior trailing rolling lst lasr laast lastt lat las "
    "lsat alst lask",
    0: "this current present ths dis tis thsi tihs thiss",
    1: "next coming upcoming following nxt nex nxet",
}
_RELATIVE = {
    0: "today 2day tdy tday todays tonight 2nite 2night tonite tonighy tody",
    -1: "yesterday ystrdy ystday yestrday yesterdy ysdy yesterdays yday yest ysterday "
    "yesturday yestaday",
    1: "tomorrow tomorrows tmrw tmr tomoz 2moro 2morrow tomorow tommorow tomoro tmoro tmw "
    "tmrrw tomorro",
}
_CARDINALS = in_order(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = in_order(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_SEASONS = {"spring": "spring", "summer": "summer", "autumn": "autumn fall", "winter": "winter"}
_PARTS = "morning mornin afternoon evening evenin night nite nicht lunchtime noon midday midnight"
_RISKY = listed(
    "may march mar sun sat wed mon fall spring second min mo august dec dis weak april june"
)


def _vocabulary() -> dict[str, Atom]:
    words: dict[str, dict[str, int | str | bool]] = {}

    def put(spellings: str, **atom: int | str) -> None:
        for word in spellings.split():
            words.setdefault(word, {}).update(atom)

    for unit, spellings in _UNITS.items():
        put(spellings, unit=unit)
    for number, spellings in enumerate(_MONTHS, 1):
        put(spellings, month=number)
    for number, spellings in enumerate(_WEEKDAYS):
        put(spellings, weekday=number)
    for mod, spellings in _MODS.items():
        put(spellings, mod=mod)
    for days, spellings in _RELATIVE.items():
        put(spellings, relative=days)
    for number, word in enumerate(_CARDINALS):
        put(word, number=number)
    for tens, word in enumerate(_TENS, 2):
        put(word, number=tens * 10)
    for rank, word in enumerate(_ORDINALS, 1):
        put(word, ordinal=rank)
    put("thirtieth", ordinal=30)
    put("last final", ordinal=-1)
    put("couple cpl", number=2)
    put("few", number=3)
    put("dozen", number=12)
    for season, spellings in _SEASONS.items():
        put(spellings, season=season)
    put(_PARTS, part="part")
    for word in _RISKY & words.keys():
        words[word]["risky"] = True
    return {word: Atom(**atom) for word, atom in words.items()}  # type: ignore[arg-type]


VOCABULARY = _vocabulary()
# Only long words are corrected: a slip in a short one gives another word.
_CORRECTABLE = tuple(
    word for word, atom in VOCABULARY.items() if len(word) >= 5 and atom.number is None
)


@lru_cache(maxsize=4096)
def atom_of(word: str) -> Atom:
    """The atom of a folded word, slips of one or two letters forgiven; `NOTHING` for the rest."""
    known = VOCABULARY.get(word)
    if known is not None:
        return known
    if not 5 <= len(word) <= 11 or is_known(word):
        return NOTHING
    best = process.extractOne(
        word, _CORRECTABLE, scorer=OSA.distance, score_cutoff=2 if len(word) >= 7 else 1
    )
    if best is None or best[0][0] != word[0]:
        return NOTHING
    return VOCABULARY[best[0]]
