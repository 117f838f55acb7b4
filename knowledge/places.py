"""Towns, states and countries as bank lines print them, as data with a typed reader."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.merchants import slug

PLACES_TABLE = Path(__file__).parent / "data" / "places.csv.gz"

US_STATES = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "DC",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "PR",
    ]
)
CA_PROVINCES = frozenset(
    ["AB", "BC", "MB", "NB", "NL", "NS", "ON", "PE", "QC", "SK", "YT", "NT", "NU"]
)

_ALPHA3 = (
    "GBR:GB USA:US IRL:IE CAN:CA FRA:FR DEU:DE ESP:ES PRT:PT ITA:IT NLD:NL BEL:BE LUX:LU CHE:CH "
    "AUT:AT SWE:SE NOR:NO DNK:DK FIN:FI ISL:IS EST:EE LVA:LV LTU:LT POL:PL CZE:CZ SVK:SK HUN:HU "
    "ROU:RO BGR:BG GRC:GR HRV:HR SVN:SI MLT:MT CYP:CY TUR:TR MAR:MA EGY:EG ZAF:ZA ARE:AE ISR:IL "
    "IND:IN CHN:CN HKG:HK SGP:SG JPN:JP KOR:KR THA:TH VNM:VN IDN:ID MYS:MY PHL:PH AUS:AU NZL:NZ "
    "MEX:MX BRA:BR ARG:AR CHL:CL COL:CO PER:PE CRI:CR DOM:DO JAM:JM UKR:UA SRB:RS GIB:GI IMN:IM "
    "JEY:JE GGY:GG KEN:KE NGA:NG GHA:GH LKA:LK PAK:PK BGD:BD TWN:TW QAT:QA SAU:SA"
)
ALPHA3 = dict(pair.split(":") for pair in _ALPHA3.split())

_NAMES = (
    "united kingdom:GB,great britain:GB,england:GB,scotland:GB,wales:GB,northern ireland:GB,"
    "ireland:IE,united states:US,canada:CA,france:FR,germany:DE,spain:ES,portugal:PT,italy:IT,"
    "netherlands:NL,luxembourg:LU,sweden:SE,estonia:EE,australia:AU,mexico:MX,japan:JP"
)
COUNTRY_NAMES = dict(pair.split(":") for pair in _NAMES.split(","))


@dataclass(frozen=True, slots=True)
class Place:
    """A town.

    Attributes:
        name: As people write it.
        country: ISO 3166 alpha-2, upper case.
        region: The state for the United States, else empty.
        population: People living there; tells the likely one of several of one name.
    """

    name: str
    country: str
    region: str
    population: int


@cache
def load_places() -> Mapping[str, tuple[Place, ...]]:
    """Places by the slug of their name, the largest of a name first."""
    found: dict[str, list[Place]] = {}
    text = gzip.decompress(PLACES_TABLE.read_bytes()).decode("utf-8")
    for row in csv.DictReader(text.splitlines()):
        place = Place(row["name"], row["country"], row["region"], int(row["population"]))
        found.setdefault(slug(place.name), []).append(place)
    return {key: tuple(places) for key, places in found.items()}
