"""The wording of banks: which rail a line came by, and where name and reference stand in it.

A rule is a pattern with the named groups `name` (who), `memo` (what for), `entry` (the
originator's own word for it, such as PAYROLL) and `place` (where, set apart from who); the first
that matches wins. Patterns are linear:
no nested repetition, every `.` bounded by the 400 characters that a line is cut to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rail:
    """One way of writing a payment.

    Attributes:
        name: `card`, `direct_debit`, `standing_order`, `faster_payment`, `credit_transfer`,
            `ach`, `person` (between people), `cash`, `cheque`, `wire` or `bank` (the bank itself).
        pattern: Matches the whole line.
        starts: The first two letters of every line that it matches, `0` for any digit; empty where
            a line may begin with anything.
        holds: What every line that it matches holds, where it may begin with anything.
        surname_first: Whether a person's surname stands before the first name.
    """

    name: str
    pattern: re.Pattern[str]
    starts: frozenset[str] = frozenset()
    holds: re.Pattern[str] | None = None
    surname_first: bool = False

    def match(self, flat: str) -> re.Match[str] | None:
        """Matches a line whose blanks are single."""
        if self.holds is not None and not self.holds.search(flat):
            return None
        return self.pattern.match(flat)


def _rail(
    name: str, starts: str, pattern: str, *, holds: str = "", surname_first: bool = False
) -> Rail:
    return Rail(
        name,
        re.compile(pattern, re.IGNORECASE),
        frozenset(starts.split()),
        re.compile(holds) if holds else None,
        surname_first,
    )


_DAY = (
    r"(?:\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{4}-\d{2}-\d{2}|"
    r"\d{1,2} ?[a-z]{3}(?: ?\d{2,4})?)"
)
_CARD_TAIL = (
    r"(?:\s+date \d\d/\d\d/\d\d(?:\d\d)?(?:\s+\d{4})?)?(?:\s+(?:\d{17,24}|\d*x{4,}[\dx]*))?"
    r"(?:\s+recurring)?(?:\s+ckcd\b.*)?(?:\s+\d{4}(?=\s+card))?"
    r"(?:\s+(?:card|crd)\s+(?:ending in )?[x*0]*\d{4})?(?:\s+cd\s*\d{4})?\s*$"
)
# What stands between a bank's word for a card payment and the merchant.
_CARD_NOISE = (
    r"[\s:*-]*(?:(?:-?visa(?: check card)?|ap|time|date|l\d{3}|[x*]{2,}\d{4}|#\d{4}|"
    r"\d\d/?\d\d(?:/\d\d(?:\d\d)?)?|\d\d:\d\d\s?[ap]m?|\d{6,10}|[-*])\s+){0,8}"
)
# The company's own word for an entry, as originators print it.
ENTRY = (
    r"(?:(?:web|auto|online|mobile|bill|stdnt|student|retail|direct|dir|ins|loan|ach|rent|mtg|card|"
    r"cc|util|edi|des) ?)*(?:payroll|salary|autopay|e?pa?y(?:me?n?ts?|mt|me)?|pmts?|dep(?:osit)?|"
    r"(?:bank ?)?draft|debit|prem(?:ium)?|moneyline|cashout|transfer|xfer|usataxpymt|billpay|"
    r"rentpaymnt|pymnts|recurring|purchase|\w+\.pay)"
)
_METHOD = (
    r"direct debit|standing order|faster payments?|p2p payment|bacs \(direct credit\)|bacs|"
    r"direct credit|bank transfer|fps|chaps|monzo-to-monzo|monzo me|transfer|paym|card payment"
)

# Monzo, Starling: NAME (Method) Reference: REF
_METHOD_RAILS = {
    "direct debit": "direct_debit",
    "standing order": "standing_order",
    "p2p payment": "person",
    "monzo-to-monzo": "person",
    "monzo me": "person",
    "paym": "person",
    "bacs (direct credit)": "credit_transfer",
    "bacs": "credit_transfer",
    "direct credit": "credit_transfer",
    "card payment": "card",
}
BRACKETED = re.compile(
    rf"^(?P<name>.+?)\s*\((?P<method>{_METHOD})\)\)?\s*(?:reference:?\s*(?P<memo>.*))?$",
    re.IGNORECASE,
)

# Starling, Monzo and others set method, name and reference in columns, or commas between them.
METHODS = {
    **_METHOD_RAILS,
    "faster payment": "faster_payment",
    "faster payments": "faster_payment",
    "bank transfer": "faster_payment",
    "online payment": "faster_payment",
    "mobile payment": "faster_payment",
    "chip & pin": "card",
    "contactless": "card",
    "apple pay": "card",
    "atm": "cash",
    "cash withdrawal": "cash",
}

RAILS: tuple[Rail, ...] = (
    # PayPal prints the company that was paid where others print their customer's number
    _rail(
        "ach",
        "or",
        r"^orig co name:\s*paypal\b.*?\bind id:\s*(?P<name>[a-z][^:]*?)\s+ind name:.*$",
    ),
    _rail(
        "ach",
        "pa",
        r"^paypal\s+des:\s*(?:inst xfer|(?P<entry>refund|purchase))\s+id:\s*(?P<name>[a-z][^:]*?)"
        r"(?:\s+(?:indn|co id):.*)?$",
    ),
    # United States: ACH as Chase and Bank of America print it
    _rail(
        "ach",
        "or",
        r"^orig co name:\s*(?P<name>.+?)\s*orig id:.*?(?:co entry descr:\s*(?P<entry>.*?)"
        r"\s*)?sec:.*$",
    ),
    _rail(
        "ach",
        "or",
        r"^orig co name:\s*(?P<name>.+?)\s*(?:orig id:.*?)?(?:co entry descr:\s*(?P<entry>.*))?$",
    ),
    _rail(
        "ach",
        "",
        r"^(?P<name>.+?)\s+des:\s*(?P<entry>.*?)\s*(?:id:.*)?(?:indn:.*)?(?:co id:.*)?$",
        holds=r"[dD][eE][sS]:",
    ),
    _rail(
        "wire",
        "fe wi bo ch",
        r"^(?:fed ?wire|wire|book transfer|chips)\b.*?(?:b/o|bnf|org|to|from|via)[:=]\s*"
        r"(?P<name>[^:]+?)(?:\s+(?:ref|id|obi|bnf|rfb|trn|imad|b/o|nbi)"
        r"\b.*?(?:[:=]\s*(?P<memo>.*))?)?$",
    ),
    # Company, the company's word, six digits of a date, numbers, the holder's own name
    _rail(
        "ach",
        "",
        r"^(?P<name>[a-z].*?\S)\s+(?P<entry>" + ENTRY + r")\s+(?:2\d[01]\d[0-3]\d|"
        r"[01]\d[0-3]\d2\d)(?:\s+\S*\d\S*)*(?:\s+[a-z][a-z ,.'&-]*)?$",
        holds=r"\s[012]\d[0-3]\d\d\d",
    ),
    # The same in its columns: 16 letters for the company, 10 for whatever word it has
    _rail(
        "ach",
        "",
        r"^(?P<name>[a-z].{0,15})(?<=\S)\s+(?P<entry>[a-z]\S{0,9})\s+2\d[01]\d[0-3]\d\s+"
        r"(?=\S*\d)\S{7,}\s+[a-z][a-z ,.'&-]*$",
        holds=r"\s2\d[01]\d[0-3]\d\s",
    ),
    # People
    _rail(
        "person",
        "ze",
        r"^zelle\s+(?:to|from)\s+(?P<name>.+?)\s+on \d{1,2}/\d{1,2}\s+ref ?# ?[a-z0-9]+"
        r"(?:\s+(?P<memo>.+))?$",
        surname_first=True,
    ),
    _rail(
        "person",
        "ze",
        r"^zelle\s+(?:payment|pmt|money|transfer|recurring payment|instant pmt|"
        r"instant payment)?\s*"
        r"(?:sent |received )?(?:to|from)\s+(?P<name>.+?)"
        r"(?:\s+on \d{1,2}/\d{1,2})?(?:\s+ref\s*#?.*?)?"
        r"(?:\s+for\s+\"?(?P<memo>.*?)\"?)?(?:[;,]?\s*conf#.*|\s+[a-z]{2,4}\d[0-9a-z]{6,}|"
        r"\s+\d{7,}|\s+(?=[a-z0-9]*\d)[a-z0-9]{9,})?$",
    ),
    _rail("person", "ze", r"^zelle\s*[*:-]?\s*(?P<name>.*)$"),
    _rail("person", "sq ca", r"^(?:sq\s*\*\s*)?cash ?app\s*\*\s*(?P<name>.+)$"),
    _rail("person", "ve", r"^venmo\s*\*\s*(?P<name>.+)$"),
    _rail("person", "ve", r"^venmo\s+(?:payment|cashout)\s+\d+\s+(?P<name>.+)$"),
    _rail("person", "in", r"^interac e-?transfer\s*(?:to|from|sent|received)?:?\s*(?P<name>.+)$"),
    # United Kingdom: the long wordings
    _rail(
        "faster_payment",
        "bi fa on mo pa",
        r"^(?:bill payment via faster payment|faster payments?|bill payment|"
        r"online transaction|mobile payment|payment)\s+to\s+"
        r"(?P<name>.+?)\s+ref(?:erence)?[.: ]\s*(?P<memo>.*?)(?:\s*,?\s*mandate.*)?$",
    ),
    _rail(
        "faster_payment",
        "fa fp",
        r"^(?:faster payments? receipt|fp receipt|faster payment)\s+"
        r"ref[.: ]\s*(?P<memo>.*?)\s+from\s+(?P<name>.+)$",
    ),
    _rail(
        "faster_payment",
        "fp fa bi bp b/ tf se tr ba pa cr mo",
        r"^(?:fp|fpi|fpo|fps|faster payments?(?: received| sent)?|bill payment|bp|b/p|tfr|sent|"
        r"trf|bank transfer|payment|cr|mobile payment)\s+(?:from|to)\s+(?P<name>.+?)(?:\s+"
        r"ref[.: ]\s*(?P<memo>.*))?$",
    ),
    _rail(
        "faster_payment",
        "on au",
        r"^(?:online transaction|automated credit)\s+(?P<name>[^,]+?)"
        r"(?:\s+via (?:mobile|online)\b.*?)?\s+fp \d\d/\d\d/\d\d\b.*$",
    ),
    _rail(
        "credit_transfer",
        "cr ba di au",
        r"^(?:credit from|bank giro credit(?: from)?|direct credit from|bacs credit from|"
        r"automated credit)\s+(?P<name>.+?)(?:\s+on\s+"
        + _DAY
        + r")?(?:\s+ref[.: ]\s*(?P<memo>.*))?$",
    ),
    _rail("credit_transfer", "ba", r"^bank giro credit ref\s+(?P<name>[^,]+),?\s*(?P<memo>.*)$"),
    _rail(
        "direct_debit",
        "di se dd d/",
        r"^(?:direct debit(?: payment)?:?|sepa dd|dd(?! ?\*)|d/d)\s+(?:to\s+)?(?P<name>.+?)(?:\s+"
        r"ref(?:erence)?[.: ]\s*(?P<memo>.*?))?(?:\s*,?\s*mandate.*)?$",
    ),
    _rail(
        "standing_order",
        "st s/ so",
        r"^(?:standing order|s/o|so|sto|stdg order)\s+(?:to\s+|from\s+|via faster payment to\s+)"
        r"?(?P<name>.+?)(?:\s+ref(?:erence)?[.: ]\s*(?P<memo>.*?))?(?:\s*,?\s*mandate.*)?$",
    ),
    _rail(
        "card",
        "ca co pu",
        r"^(?:card payment|card purchase|contactless payment|purchase)\s+(?:to|at)\s+"
        r"(?P<name>.+?)(?:\s+on\s+" + _DAY + r")?(?:,.*)?$",
    ),
    # Cash and paper
    _rail(
        "cash",
        "",
        r"^(?P<name>[a-z].{2,30}?)\s+(?:\d\d/\d\d\s+)?#\d{6,}\s+(?:withdrwl|withdrawal)\b\s*"
        r"(?P<place>(?!.*\bfee$).*)$",
        holds=r"#\d{6}",
    ),
    _rail(
        "cash",
        "no fo at ca wi ln li",
        r"^(?:non-chase atm withdraw(?:al)?|(?:non-network |foreign )?atm (?:cash )"
        r"?(?:withdrawal|withdraw|debit|cash|wdl)(?: authorized on)?|cash withdrawal|cashpoint|"
        r"cash machine|cash wdl|withdrawal at|lnk|link(?! fin)|atm)\b[ :-]*(?:at\s+)?"
        r"(?:\d\d/\d\d\s+)?(?P<name>(?!.*\bfee\b).*?)" + _CARD_TAIL,
    ),
    _rail("cheque", "ch ck", r"^(?:check|cheque|chq|ck)\s*#?\s*\d{3,}\b\s*(?P<name>.*)$"),
    # United States: the card wordings of large banks
    _rail(
        "card",
        "pu re",
        r"^(?:purchase|recurring payment|purchase return|purchase with cash back \$?\S*|"
        r"recurring purchase)\s+authorized on\s+\d\d/\d\d\s+(?P<name>.+?)(?:\s+"
        r"[sp]\d{9,}.*)?" + _CARD_TAIL,
    ),
    _rail(
        "card",
        "0 re de ca ch vi db dd po si di pi wi ex co cl cd ap gg go vd c/ in ia pm pu",
        r"^(?:\d{4}\s+)?(?:(?:recurring )?(?:debit )?card purchase(?: with pin)?(?: return)?|"
        r"checkcard|check card|visa check card|debit purchase|debit pin purchase|dbt purchase|"
        r"dbt crd|debit crd|pos debit|pos purchase|pos pur(?:chase)?|recur purch|"
        r"signature purchase|point of sale withdrawal|point of sale debit|visa purchase|"
        r"visa dda pur|dda pur(?:chase)?|digital card purchase|pos withdrawal|pin purchase|"
        r"withdrawal debit card|recurring debit card|debit card recurring|debit card(?=:)|"
        r"external withdrawal|contactless payment|contactless|clp|vis(?= )|cd \d{4}|"
        r"aplpay|gglpay|apple pay|google pay|vdp|vdc|vda|pos|c/l|deb|int'?l|iap|pmt|"
        r"purchase with pin|purchase(?= \S+ .*\b[a-z]{2}$))\b"
        + _CARD_NOISE
        + r"(?P<name>.+?)"
        + _CARD_TAIL,
    ),
    # HSBC's sign of a contactless payment
    _rail("card", "))", r"^\){2,3}\s*(?P<name>.+)$"),
    # Credit unions
    _rail(
        "ach",
        "ac wi de",
        r"^(?:ach )?(?:withdrawal|deposit)(?: ach)?\s+(?P<name>.+?)\s+type:\s*(?P<entry>.*?)\s+"
        r"(?:id:.*?)?co:.*$",
    ),
    # Generic words in front
    _rail(
        "ach",
        "de el we re wi pr ac di ex on bi",
        r"^(?:deposit\s*-\s*)?(?:electronic withdrawal|electronic deposit|"
        r"electronic payment|electronic pmt-web|web authorized pmt|recurring ach|withdrawal ach|"
        r"preauthorized (?:debit|credit|wd)|ach (?:paid (?:to|from)|(?:electronic )?debit|"
        r"(?:electronic )?credit|withdrawal to|deposit from|withdrawal|deposit|pmt|payment)|"
        r"direct deposit(?: from)?|"
        r"withdrawal from|deposit from|external deposit|online payment(?: \d+)? to|"
        r"bill ?pay(?:ment)?(?: to)?|online bill payment to|web pmt|preauth)\b[\s:-]*"
        r"(?P<name>.+?)(?:\s+(?:ppd|ccd|web|tel))?(?:\s+id:?.*)?$",
    ),
    # Lloyds, Halifax, Bank of Scotland: a long number apart, the other's sort code, day and time
    _rail(
        "faster_payment",
        "",
        r"^(?P<name>[a-z].*?)\s+(?:[1-9]0{5}\d{12}|rp\d{12,16})(?:\s+(?P<memo>[^\d\s].*?))??"
        r"(?:\s+\d{6})?(?:\s+\d\d\s+\d\d[a-z]{3}\d\d(?:\s+\d\d:\d\d)?)?$",
        holds=r"\s(?:\d0{5}|[rR][pP]\d{5})\d{7}",
    ),
)
_ANY = tuple(rule for rule in RAILS if not rule.starts)
_BY_START = {
    start: tuple(rule for rule in RAILS if not rule.starts or start in rule.starts)
    for start in frozenset().union(*(rule.starts for rule in RAILS))
}


def rules_of(flat: str) -> tuple[Rail, ...]:
    """The rules that may match a line, those of `RAILS` that begin like it."""
    start = flat[:2]
    if not start.isascii():
        return RAILS
    return _BY_START.get("0" if start[:1].isdigit() else start.lower(), _ANY)


# United Kingdom: a code of three letters before or after the name
_CODES = {
    "fpi": "faster_payment",
    "fpo": "faster_payment",
    "fps": "faster_payment",
    "fp": "faster_payment",
    "bgc": "credit_transfer",
    "bac": "credit_transfer",
    "dcr": "credit_transfer",
    "ddr": "direct_debit",
    "dd": "direct_debit",
    "d/d": "direct_debit",
    "so": "standing_order",
    "sto": "standing_order",
    "s/o": "standing_order",
    "bp": "faster_payment",
    "tfr": "faster_payment",
    "cpt": "cash",
    "atm": "cash",
    "bbp": "faster_payment",
    "obp": "faster_payment",
    "cr": "credit_transfer",
    "deb": "card",
}
CODES = frozenset(_CODES)
"""The codes in lower case."""
LEADING_CODE = re.compile(
    r"^(?P<code>fpi|fpo|fps(?: credit| debit)?|fp|bgc|bac|dcr|ddr|d/d|dd(?! ?\*)|sto|s/o|so|bp|tfr|"
    r"cpt|bbp|obp|deb)\b[\s:*-]+(?P<rest>\S.*)$",
    re.IGNORECASE,
)
TRAILING_CODE = re.compile(
    r"^(?P<rest>.*?\S)\s+(?P<code>fpi|fpo|fps|bgc|bac|dcr|ddr|d/d|dd|sto|s/o|bp|tfr|"
    r"bbp|obp|deb)(?P<memo>\s.*)?$",
    re.IGNORECASE,
)
EMBEDDED_CODE = re.compile(r"\s(?P<code>fpi|fpo|fps|bgc|ddr|d/d|sto)\s", re.IGNORECASE)


def rail_of_method(method: str) -> str:
    """The rail of a bracketed payment method as Monzo prints it."""
    return _METHOD_RAILS.get(method.casefold(), "faster_payment")


def rail_of_code(code: str) -> str:
    """The rail of a United Kingdom transaction code."""
    return _CODES[code.casefold().split()[0]]
