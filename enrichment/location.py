"""Where a purchase was, as far as the line prints it. Never invented: no place, no location."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from enrichment.clean import LONG_NUMBER
from knowledge.merchants import slug as _slug_of
from knowledge.places import ALPHA3, CA_PROVINCES, US_STATES, Place, load_places

_LONDON = re.compile(r"^(?:EC|WC|NW|SE|SW|N|E|W)\d{1,2}[A-Z]?$")
_PHONE = re.compile(
    r"\s*(?:\+?1[ -])?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b|\s*\b\d{3}-\d{7}\b|"
    r"\s*\b0\d{3,4}[ -]?\d{3}[ -]?\d{3,4}\b"
)
_STATE = re.compile(
    r"^(?P<head>.*[^\s*])[\s,*]+(?P<state>[A-Za-z]{2})(?:\s*\d{5}(?:-\d{4})?|(?:US)?\s*\d{4,})?$"
)
_AMERICAN_TAIL = re.compile(rf"(?<=\s)(?P<state>{'|'.join(sorted(US_STATES))})\s+USA?$")
_GLUED_STATE = re.compile(
    r"^(?P<head>.*\S\.(?:com|net|org)(?:/\w*?)?)(?P<state>[A-Z]{2})$", re.IGNORECASE
)
_COUNTRY = re.compile(
    r"^(?P<head>.*\S)[\s,]+(?P<country>GBR|USA|[A-Z]{3}|GB|UK|US|IE|NL|LU|FR|DE|ES)$"
)
_WORDISH = re.compile(r"^[A-Za-zÀ-ÿ'.\- ]{3,}$")
_HOSTISH = re.compile(r"[\w-]+\.(?:com|co|net|org|uk|tt|io|eu|me)\b|[@/]|\d{3}", re.IGNORECASE)

_LONDON_PARTS = (
    "acton balham barbican battersea bayswater bermondsey bethnal_green blackheath "
    "bloomsbury brixton camden camden_town canary_wharf chelsea chiswick clapham "
    "clapham_junction covent_garden dalston deptford ealing earls_court east_ham euston "
    "finsbury_park fulham greenwich hackney hammersmith hampstead highbury highgate "
    "holborn holloway hoxton islington kennington kensington kentish_town kilburn "
    "kings_cross knightsbridge lambeth lewisham leyton marylebone mayfair notting_hill "
    "paddington peckham pimlico putney shepherds_bush shoreditch soho southwark "
    "stoke_newington stratford streatham tooting vauxhall walthamstow wandsworth wapping "
    "wembley westminster whitechapel wimbledon "
)
DISTRICTS = frozenset(_LONDON_PARTS.split())
"""Parts of London that lines print in place of the town."""

_TOWN_ENDINGS = frozenset(
    [
        "island",
        "city",
        "beach",
        "springs",
        "park",
        "heights",
        "falls",
        "grove",
        "hills",
        "valley",
        "lake",
        "village",
        "point",
        "creek",
        "ridge",
        "harbor",
        "harbour",
        "bay",
        "port",
        "junction",
        "station",
        "center",
        "mills",
        "woods",
    ]
)

HOME = {"GBP": ("GB", "IE"), "EUR": ("IE",), "USD": ("US",), "CAD": ("CA", "US")}


class Located(NamedTuple):
    """A place and the name that is left without it.

    Attributes:
        name: The line's name without its place.
        city: As people write it, None when the line does not print one.
        region: State or province for the United States and Canada, else None.
        country: ISO 3166 alpha-2.
        how: What it rests on, for calibration: `columns`, `state`, `town`, `postcode`, `none`.
    """

    name: str
    city: str | None = None
    region: str | None = None
    country: str | None = None
    how: str = "none"


def bin_of(place: Located, rail: str, currency: str) -> str:
    """The lines that a place's confidence was measured on: of its kind, currency and rail."""
    if place.how != "none":
        return f"location_{place.how}_{currency}"
    kind = "none" if rail in {"", "card", "cash"} else "moved"
    return f"location_{kind}_{currency}_{'hint' if _hints(place.name) else 'plain'}"


_CIVIC = frozenset({"council", "county", "city", "state", "borough", "university", "us", "irs"})
_LARGE = 20_000


@lru_cache(maxsize=1 << 13)
def _hints(name: str) -> bool:
    """Whether a name holds a word that may be a place: the council's town, the school's state."""
    return any(map(_hint, name.split()))


@lru_cache(maxsize=1 << 14)
def _hint(word: str) -> bool:
    if word in US_STATES or word.casefold() in _CIVIC:
        return True
    places = load_places().get(slug(word), ()) if len(word) > 3 else ()
    return bool(places and places[0].population >= _LARGE)


slug = lru_cache(maxsize=1 << 15)(_slug_of)
"""Last words repeat; their slugs are kept."""


@lru_cache(maxsize=1)
def _last_parts() -> dict[str, int]:
    """What the slug of a place ends with, behind its last `_`, and how many parts it then has."""
    found: dict[str, int] = {}
    for key in load_places():
        last = key.rpartition("_")[2]
        found[last] = max(found.get(last, 0), key.count("_") + 1)
    return found


@lru_cache(maxsize=1)
def _prefixes() -> dict[str, tuple[tuple[str, Place], ...]]:
    """Places by the first seven characters of their slug, for names that a column cut off."""
    found: dict[str, list[tuple[str, Place]]] = {}
    for key, places in load_places().items():
        if len(key) >= 8:
            found.setdefault(key[:7], []).extend((key, place) for place in places)
    return {key: tuple(places) for key, places in found.items()}


@lru_cache(maxsize=1 << 14)
def _begun(key: str) -> tuple[Place, ...]:
    """Places whose slug begins with this one of seven characters or more."""
    return tuple(p for full, p in _prefixes().get(key[:7], ()) if full.startswith(key))


def _pick(
    places: tuple[Place, ...], countries: tuple[str, ...], region: str | None
) -> Place | None:
    for place in places:
        if place.country in countries and (
            not region or not place.region or place.region == region
        ):
            return place
    return None


def _town(
    words: list[str], countries: tuple[str, ...], region: str | None
) -> tuple[int, Place] | None:
    """The longest run of last words that is a town there: how many words, and which."""
    slugs = [slug(word) for word in words[1:][-4:]]
    if not slugs:
        return None
    # Few words end the name of any place, and most of those are its whole name.
    parts = _last_parts().get(slugs[-1].rpartition("_")[2], 0)
    for size in range(min(parts, len(slugs)) if all(slugs) else len(slugs), 0, -1):
        key = "_".join(filter(None, slugs[-size:]))
        place = _pick(load_places().get(key, ()), countries, region)
        if place is not None and len(key) > 2:
            return size, place
    for size in (2, 1) if "." not in words[-1] else ():
        key = "_".join(filter(None, slugs[-size:])) if len(slugs) >= size else ""
        if key[:7] in _prefixes():
            place = _pick(_begun(key), countries, region)
            if place is not None and (region or place.population > 40_000):
                return size, place
    return None


def _title(text: str) -> str:
    return text.title().replace("'S", "'s") if text.isupper() or text.islower() else text


def _mixed_case_town(words: list[str]) -> int:
    """How many last words are a town set in mixed case behind a name in capitals (Square's way)."""
    size = 0
    for word in reversed(words):
        if not word.istitle() or any(map(str.isdigit, word)):
            break
        size += 1
    rest = words[: len(words) - size]
    capitals = bool(rest) and all(word.isupper() or not word.isalpha() for word in rest)
    return size if capitals and 0 < size <= 3 else 0


def _as_printed(words: list[str], place: Place) -> str:
    """The town as the line writes it, whole where a column cut it off."""
    printed = slug(" ".join(words))
    if printed in DISTRICTS and place.country == "GB":
        return "London"
    if f"{printed}_city" == slug(place.name):
        return _title(" ".join(words))
    return place.name.replace(".", "")


def _american(name: str, head: str, state: str, country: str) -> Located:
    bare = _PHONE.sub("", head).strip(" ,-")
    phoned = bare != head.strip(" ,-")
    words = bare.split()
    found = _town(words, (country,), state if country == "US" else None)
    if found is None and not phoned and len(words) > 2 and words[-1].casefold() in _TOWN_ENDINGS:
        return Located(" ".join(words[:-2]), _title(" ".join(words[-2:])), state, country, "state")
    cased = _mixed_case_town(words) if found is None else 0
    if cased:
        return Located(" ".join(words[:-cased]), " ".join(words[-cased:]), state, country, "state")
    if found is None:
        return Located(bare or name, None, state, country, "state")
    size, place = found
    # With a phone number in the town's column, a last word that is a town belongs to the name.
    rest = words if phoned else words[:-size]
    return Located(" ".join(rest), _as_printed(words[-size:], place), state, country, "state")


def _columns(fields: tuple[str, ...], home: tuple[str, ...]) -> Located | None:
    """Columns of banks: NAME, TOWN, and then the country or, in the United States, the state."""
    country = region = None
    parts = list(fields)
    match = _COUNTRY.match(parts[-1]) if parts[-1][-3:] in ALPHA3 else None
    if parts[-1] in ALPHA3:
        country = ALPHA3[parts.pop()]
    elif len(parts) > 1 and parts[-1] in US_STATES and home[0] == "US":
        region, country = parts.pop(), "US"
    elif home[0] != "US" and (parts[-1] == "GB" or (len(parts) > 2 and parts[-1] in _CODES)):
        country = parts.pop()
    elif match and match["country"] in ALPHA3:
        country = ALPHA3[match["country"]]
        parts[-1] = match["head"]
    if country is None and len(parts) < 2:
        return None
    town = parts[-1] if len(parts) > 1 else ""
    state = _STATE.match(town)
    if state and state["state"].upper() in US_STATES and country in (None, "US"):
        town, region, country = state["head"], state["state"].upper(), "US"
    if town and _WORDISH.match(town) and not _HOSTISH.search(town):
        place = _named(town, country, region, home)
        city = place.name if place else _title(town)
        known = country or (place.country if place else None)
        if place is None and country is None:
            return None
        return Located(" ".join(parts[:-1]), city, region, known, "columns")
    if len(parts) == 1 and country is not None:
        found = _town(parts[0].split(), (country,), region)
        if found is not None:
            size, place = found
            words = parts[0].split()
            town = _as_printed(words[-size:], place)
            return Located(" ".join(words[:-size]), town, region, country, "columns")
    name = " ".join(
        p for p in (parts[:-1] if len(parts) > 1 and _HOSTISH.search(parts[-1]) else parts)
    )
    return Located(name, None, region, country, "columns")


def _named(
    town: str, country: str | None, region: str | None, home: tuple[str, ...]
) -> Place | None:
    """The place that a column names: whole, cut off, at its end, or with a rest behind it."""
    words = town.split()
    tries = [town, *((" ".join(words[:-1]),) if len(words) > 1 and len(words[-1]) < 3 else ())]
    for text in tries:
        places = load_places().get(slug(text), ()) or _cut_off(text)
        if country:
            place = _pick(places, (country,), region)
        else:
            place = _pick(places, home, region) or (places[0] if places else None)
        if place is not None:
            return place
    found = _town(words, (country,) if country else home, region) if len(words) > 1 else None
    return found[1] if found else None


def _cut_off(town: str) -> tuple[Place, ...]:
    key = slug(town)
    if len(key) < 7:
        return ()
    return _begun(key)


def locate(fields: tuple[str, ...], currency: str) -> Located:
    """Splits the place off a card line.

    Args:
        fields: The line's name in its columns, see `enrichment.clean.Line`.
        currency: Of the account; it tells at home which towns and two-letter states are meant.

    Returns:
        The name without the place, and the place.
    """
    name = " ".join(fields)
    if not name:
        return Located(name)
    if currency == "USD" and name.endswith((" US", " USA")):
        fields = tuple(_AMERICAN_TAIL.sub(r"\g<state>", "  ".join(fields)).split("  "))
        name = " ".join(fields)
    if len(fields) > 1 or name[-3:] in ALPHA3:
        located = _columns(fields, HOME.get(currency, ("GB", "US")))
        if located is not None:
            return located
    match = _GLUED_STATE.match(name) if currency == "USD" and "." in name else None
    if match and match["state"].upper() in US_STATES:
        return Located(match["head"], None, match["state"].upper(), "US", "state")
    return _in_state(name, currency) or _at_home(name, HOME.get(currency, ("GB", "US")), currency)


def _in_state(name: str, currency: str) -> Located | None:
    """A line that ends with a state of the United States or a province of Canada."""
    match = _STATE.match(name) if currency in {"USD", "CAD"} else None
    if match is None or not match["state"].isupper():
        return None
    state = match["state"]
    if state in US_STATES:
        return _american(name, match["head"], state, "US")
    if state in CA_PROVINCES:
        return _abroad(name) or _american(name, match["head"], state, "CA")
    return None


_CODES = frozenset(ALPHA3.values())
_NEAR = frozenset({"GB", "US", "IE"})
_ABROAD = re.compile(r"^(?P<head>.*\S)[\s,]+(?P<code>[A-Z]{2})$")


def _abroad(name: str) -> Located | None:
    """A town of another country with that country's two letters: `AMSTERDAM NL`."""
    match = _ABROAD.match(name) if name[-2:] in _CODES else None
    if match is None:
        return None
    words = match["head"].split()
    found = _town(words, (match["code"],), None) if len(words) > 1 else None
    if found is None:
        return None
    size, place = found
    town = _as_printed(words[-size:], place)
    return Located(" ".join(words[:-size]), town, None, match["code"], "town")


def _at_home(name: str, home: tuple[str, ...], currency: str) -> Located:
    """A line without columns or state: a town that ends it, a country, a London district."""
    country = None
    abroad = _abroad(name)
    if abroad is not None:
        return abroad
    match = _COUNTRY.match(name) if name[-3:] in ALPHA3 or name[-2:] in _NEAR else None
    if match and (match["country"] in ALPHA3 or match["country"] in _NEAR):
        code = match["country"]
        country = ALPHA3.get(code, code)
        name = match["head"].rstrip(" ,")
    phoned = LONG_NUMBER.search(name)
    bare = (_PHONE.sub("", name) if phoned else name).strip(" ,-") or name
    words = bare.replace(",", " ").split()
    if len(words) > 1 and _LONDON.match(words[-1]) and currency == "GBP":
        return Located(" ".join(words[:-1]), "London", None, "GB", "postcode")
    found = _town(words, (country,) if country else home, None) if len(words) > 1 else None
    if found is None:
        return Located(bare, None, None, country, "town" if country else "none")
    size, place = found
    region = place.region or None
    town = _as_printed(words[-size:], place)
    return Located(" ".join(words[:-size]), town, region, place.country, "town")
