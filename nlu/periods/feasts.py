"""Feasts and bank holidays as cyclic days; moving ones come from the `holidays` package."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays
from dateutil.easter import easter

from nlu.periods.interval import Interval, add_days

# Days that are the same date each year: (month, day).
FIXED = {
    "christmas": (12, 25),
    "christmas_eve": (12, 24),
    "boxing_day": (12, 26),
    "new_year_eve": (12, 31),
    "new_year": (1, 1),
    "valentines": (2, 14),
    "st_patricks": (3, 17),
    "april_fools": (4, 1),
    "halloween": (10, 31),
    "bonfire_night": (11, 5),
    "independence_day": (7, 4),
    "juneteenth": (6, 19),
    "veterans_day": (11, 11),
    "st_georges": (4, 23),
    "st_andrews": (11, 30),
    "burns_night": (1, 25),
    "earth_day": (4, 22),
    "cinco_de_mayo": (5, 5),
    "womens_day": (3, 8),
    "labour_day_may": (5, 1),
}
# The n-th weekday of a month: (month, weekday, n); a negative n counts from its end.
_NTH = {
    "thanksgiving": (11, 3, 4),
    "labor_day": (9, 0, 1),
    "memorial_day": (5, 0, -1),
    "mlk_day": (1, 0, 3),
    "presidents_day": (2, 0, 3),
    "columbus_day": (10, 0, 2),
    "fathers_day": (6, 6, 3),
    "mothers_day_us": (5, 6, 2),
    "may_day_holiday": (5, 0, 1),
    "spring_bank_holiday": (5, 0, -1),
    "august_bank_holiday": (8, 0, -1),
    "super_bowl": (2, 6, 2),
}
# Days counted from Easter Sunday.
_FROM_EASTER = {
    "easter": 0,
    "good_friday": -2,
    "easter_monday": 1,
    "pancake_day": -47,
    "ash_wednesday": -46,
    "mothers_day_gb": -21,
    "palm_sunday": -7,
    "pentecost": 49,
}
# Days counted from Thanksgiving.
_FROM_THANKSGIVING = {"black_friday": 1, "cyber_monday": 4}


def _nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    if n > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
    after = date(year + month // 12, month % 12 + 1, 1)
    last = after - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


# Where the package keeps a moving feast, and what it calls it there.
_MOVABLE = {
    "diwali": ("IN", ("Diwali",)),
    "holi": ("IN", ("Holi",)),
    "vaisakhi": ("IN", ("Vaisakhi",)),
    "chinese_new_year": ("SG", ("Chinese New Year",)),
    "eid": ("SG", ("Eid al-Fitr", "Eid al-Adha")),
    "eid_al_fitr": ("SG", ("Eid al-Fitr",)),
    "eid_al_adha": ("SG", ("Eid al-Adha",)),
    "ramadan": ("BN", ("First Day of Ramadan",)),
    "hanukkah": ("IL", ("Hanukkah",)),
    "passover": ("IL", ("Pesach",)),
    "purim": ("IL", ("Purim",)),
    "rosh_hashanah": ("IL", ("Rosh Hashanah",)),
    "yom_kippur": ("IL", ("Yom Kippur",)),
}
# Feasts that last for days.
DAYS = {"hanukkah": 8, "passover": 8}


@lru_cache(maxsize=64)
def _movable(year: int, word: str) -> tuple[date, ...]:
    """Days that only the package knows (Eid, Diwali, Lunar New Year)."""
    calendar, names = _MOVABLE[word]
    categories = holidays.country_holidays(calendar).supported_categories
    kinds = tuple(kind for kind in categories if kind in ("public", "optional", "school"))
    table = holidays.country_holidays(calendar, years=year, language="en_US", categories=kinds)
    return tuple(sorted(d for d, n in table.items() if n.startswith(names)))


@lru_cache(maxsize=2048)
def feast(name: str, year: int, country: str) -> date | None:
    """The first day of the feast in that year, None where there is none."""
    if name in ("mothers_day", "labor_day_local"):
        name = {
            "mothers_day": f"mothers_day_{country.lower()}",
            "labor_day_local": "labor_day",
        }[name]
    if name in FIXED:
        return date(year, *FIXED[name])
    if name in _NTH:
        return _nth_weekday(year, *_NTH[name])
    if name in _FROM_EASTER:
        sunday: date = easter(year)
        return sunday + timedelta(days=_FROM_EASTER[name])
    if name in _FROM_THANKSGIVING:
        return _nth_weekday(year, 11, 3, 4) + timedelta(days=_FROM_THANKSGIVING[name])
    found = _movable(year, name)
    return found[0] if found else None


def feast_days(name: str, year: int, country: str) -> list[Interval]:
    """The days of a feast in a year: one, some (Hanukkah, Ramadan until Eid), two (both Eids)."""
    first = feast(name, year, country)
    if first is None:
        return []
    if name == "eid":
        return [Interval(on, on + timedelta(days=1), "day") for on in _movable(year, name)]
    if name == "ramadan":
        after = feast("eid_al_fitr", year, country) or first + timedelta(days=30)
        return [Interval(first, after, "range")] if after > first else []
    length = DAYS.get(name, 1)
    return [Interval(first, first + timedelta(days=length), "day" if length == 1 else "range")]


@lru_cache(maxsize=256)
def bank_holidays(year: int, country: str) -> tuple[date, ...]:
    """All bank holidays (England) or federal holidays of a year, as they are observed."""
    subdiv = {"GB": "ENG"}.get(country)
    table = holidays.country_holidays(country, subdiv=subdiv, years=year)
    return tuple(sorted(table))


def long_weekend(around: date) -> Interval:
    """The weekend that a feast makes long: Saturday to the Monday, or from the Friday before.

    A feast on a Friday makes it Friday to Sunday, Thanksgiving Thursday to Sunday.
    """
    weekday = around.weekday()
    if weekday == 0:
        return Interval(add_days(around, -2), add_days(around, 1), "weekend")
    if weekday == 3:  # Thanksgiving: Thursday to Sunday
        return Interval(around, add_days(around, 4), "weekend")
    if weekday == 4:
        return Interval(around, add_days(around, 3), "weekend")
    if weekday >= 5:
        saturday = add_days(around, 5 - weekday)
        return Interval(saturday, add_days(saturday, 2), "weekend")
    saturday = add_days(around, 5 - weekday if weekday >= 3 else -weekday - 2)
    return Interval(saturday, add_days(saturday, 2), "weekend")


def feast_weekend(name: str, on: date) -> Interval:
    """A feast's weekend; Easter's is Saturday to Monday by the contract ('includes the Monday')."""
    if name in ("easter", "easter_monday", "good_friday"):
        sunday = easter(on.year)
        return Interval(add_days(sunday, -1), add_days(sunday, 2), "weekend")
    return long_weekend(on)
