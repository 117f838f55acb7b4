"""Follow-ups: an elliptical turn changes parts of the last `Query`. Pure."""

import re
from dataclasses import fields, replace

from actions.calendar import following, preceding
from actions.query import Compare, Exclude, Query
from actions.question import ROWS, check_gaps, fees_named, one_of
from actions.said import Said
from knowledge.taxonomy import load_taxonomy

_CORRECTS = re.compile(
    r"^\W*(?:no|nope|nah|sorry|oops|wait|actually)\b|\bi (?:meant|mean)\b|\bmeant\b"
)
_NO_FILTER = frozenset({"net_worth", "list_accounts"})
"""Measures of everything; of one account it is its balance that is asked for."""
_SPENDS = re.compile(r"\b(?:spen[dt]|buy|bought|pay|paid|blow)\b")
_SUBJECT = "subject"
_SUBJECT_FIELDS = frozenset({"merchants", "categories"})
_BEFORE = re.compile(
    r"\b(?:day|week|weekend|month|quarter|year|one) before(?: that)?\b(?! (?:last|the|my|i)\b)"
    r"|\b(?:the|and) (?:previous|preceding) (?:one|day|week|month|quarter|year)\b"
)
_AFTER = re.compile(
    r"\b(?:day|week|weekend|month|quarter|year) after(?: that)?\W*$"
    r"|\bthe (?:following|next) (?:one|day|week|month|quarter|year)\W*$"
)
_SIDES = {
    "out": re.compile(
        r"\b(?:only|just) (?:the )?(?:money )?(?:out|outgoings?|spend\w*|payments)\W*$"
    ),
    "in": re.compile(r"\b(?:only|just) (?:the )?(?:money )?(?:in|incoming|income|deposits)\W*$"),
}
"""What narrows a list to money of one direction."""
_VERSUS = re.compile(r"\b(?:than|vs|versus|against|compared?(?: to| with| it)*)\b")
_ADDS = re.compile(r"\b(?:plus|add|also|include|including|as well|together with)\b")
_AND = re.compile(r"^\W*(?:and|plus|also|add|with)\b")
_WITH = re.compile(r"\b(?:with|includ\w+|add\w*|count\w*|(?:put|bring|leave)\b.*\bback(?: in)?)\b")
_NARROWS = re.compile(r"\b(?:only|just)\b")
_ALL_ACCOUNTS = re.compile(r"\b(?:all|every|any|both) (?:my |the |of my )?(?:accounts?|cards?)\b")
_EVERYTHING = re.compile(
    r"\b(?:everything|everywhere|anywhere|overall|altogether|in total|all (?:shops|merchants|"
    r"categories|spending))\b"
)
_IN_ALL = re.compile(r"^\W*(?:and |so |ok |what'?s that )*(?:in total|all told|in all)\W*$")
"""Words that are about no account, though one may be called "Total Checking"."""
_UNIT_WORDS = re.compile(
    r"^\W*(?:and |now |ok |show |it |that |give |me |please )*"
    r"(?:(daily|weekly|monthly)|(?:per|each|every|by) (day|week|month))\b"
)
_SPLIT = re.compile(r"\b(?:per|each|every|by)\b|\b(?:daily|weekly|monthly)\b")


def split_by(said: Said) -> str | None:
    """How the message asks for the same answer in parts: by shop, weekly, per month."""
    if said.grouping is not None or (said.unit and _SPLIT.search(said.text)):
        return said.grouping or said.unit
    found = _UNIT_WORDS.search(said.text)
    word = next((one for one in found.groups() if one), None) if found else None
    return {"daily": "day", "weekly": "week", "monthly": "month"}.get(word or "", word)


def corrects(text: str) -> bool:
    """Whether the message takes back how the last one was understood ("no, I meant …")."""
    return bool(_CORRECTS.search(text))


def changed_parts(before: Query, after: Query) -> frozenset[str]:
    """The parts of a question that an edit changed; merchants and categories are its subject."""
    changed = {
        field.name
        for field in fields(Query)
        if getattr(before, field.name) != getattr(after, field.name)
    }
    return frozenset(_SUBJECT if name in _SUBJECT_FIELDS else name for name in changed)


def said_parts(said: Said) -> frozenset[str]:
    """The parts of a question that a message names."""
    named = {
        "period": bool(said.periods),
        _SUBJECT: bool(said.merchants or said.categories),
        "accounts": bool(said.accounts),
        "amount": bool(said.amounts),
        "exclude": bool(said.exclude.to_json()),
        "gaps": bool(said.gaps),
        "group_by": said.grouping is not None,
        "limit": said.number is not None,
    }
    return frozenset(name for name, is_named in named.items() if is_named)


def base_of(last: Query, prior: Query | None, said: Said) -> Query:
    """The question that a follow-up edits.

    "No, I meant …" takes the last edit back where it names the same part again; what it does not
    speak of was understood and stays.

    Args:
        last: The last question.
        prior: The question before its last edit, None after a full question.
        said: The follow-up.
    """
    if prior is None or not corrects(said.text):
        return last
    return prior if changed_parts(prior, last) & said_parts(said) else last


def edit(query: Query, said: Said) -> Query | None:
    """The last question with the parts changed that were said, or None if nothing was.

    Args:
        query: The last question, or the one before it where the last was misunderstood.
        said: The follow-up, resolved.
    """
    back = _readmitted(query, said)
    if back is not None:
        return back
    edited = query
    for change in (_period, _subject, _accounts, _rest, _direction):
        edited = change(edited, said)
    edited = _exclude(query, edited, said)
    if edited.compare is not None and edited.compare.period is not None:
        edited = _keep_apart(query, edited)
    if edited.measure in _NO_FILTER and said.accounts:
        edited = replace(edited, measure="check_balance")
    if edited.measure == "forecast_balance" and said.amounts and _SPENDS.search(said.text):
        edited = replace(edited, measure="can_afford")
    unchanged = edited == query and said.says_nothing
    return None if unchanged else edited


def _readmitted(query: Query, said: Said) -> Query | None:
    """The question with what was left out counted again ("and with rent?"), else None."""
    named = {id_ for ids in (*said.merchants, *said.categories) for id_ in ids}
    out = query.exclude
    if not named or not named <= {*out.merchants, *out.categories} or not _WITH.search(said.text):
        return None
    merchants, categories = (
        tuple(id_ for id_ in ids if id_ not in named) for ids in (out.merchants, out.categories)
    )
    return replace(query, exclude=Exclude(merchants, categories, out.accounts))


def _keep_apart(before: Query, after: Query) -> Query:
    """A comparison whose main period was changed is held against the unit before the new one."""
    moved = after.period != before.period and after.compare == before.compare
    if moved and after.period is not None:
        return replace(after, compare=Compare(period=preceding(after.period)))
    return after


def _period(query: Query, said: Said) -> Query:
    if said.gaps:
        query = replace(query, gaps=tuple(dict.fromkeys((*query.gaps, *said.gaps))))
        check_gaps(query)
    if _BEFORE.search(said.text) and query.period is not None:
        return replace(query, period=preceding(query.period))
    if _AFTER.search(said.text) and query.period is not None and not said.periods:
        return replace(query, period=following(query.period))
    if _IN_ALL.search(said.text) and query.compare is not None:
        return replace(query, compare=None)
    if _VERSUS.search(said.text):
        return _against(query, said)
    if not said.periods:
        return query
    return replace(query, period=one_of(said.periods) or said.periods[-1], gaps=said.gaps)


def _against(query: Query, said: Said) -> Query:
    """Another time to hold the last answer against; without one the unit before it."""
    if len(said.periods) > 1:
        return replace(query, period=said.periods[0], compare=Compare(period=said.periods[1]))
    if said.periods:
        return replace(query, compare=Compare(period=said.periods[0]))
    things = said.merchants or said.categories
    if things or query.compare is not None or query.period is None:
        return query
    return replace(query, compare=Compare(period=preceding(query.period)))


def _gone(said: Said) -> set[str]:
    """The merchants and categories that a message leaves out."""
    return {*said.exclude.merchants, *said.exclude.categories}


def _fee(said: Said) -> tuple[str, ...]:
    """The kind of fee that a follow-up narrows to; "which fees in march" narrows to none."""
    named = () if said.periods else fees_named(said.text)
    return () if named == ("taxes_fees.bank",) else named


def _subject(query: Query, said: Said) -> Query:
    """Another merchant or category takes the place of the last, unless it narrows or adds."""
    merchants = tuple(dict.fromkeys(id_ for ids in said.merchants for id_ in ids))
    categories = tuple(dict.fromkeys(id_ for ids in said.categories for id_ in ids))
    if query.measure == "bank_fees" and not merchants and not said.leaves_out:
        categories = categories or _fee(said)
    if not merchants and not categories:
        everything = _EVERYTHING.search(said.text) and not said.periods
        return replace(query, merchants=(), categories=()) if everything else query
    side = _other_side(query, said, Compare(merchants=merchants, categories=categories))
    if side is not None:
        return replace(query, compare=side)
    if _ADDS.search(said.around):
        both = (query.merchants and categories) or (query.categories and merchants)
        return replace(
            query,
            merchants=tuple(dict.fromkeys(query.merchants + merchants)),
            categories=tuple(dict.fromkeys(query.categories + categories)),
            either=query.either or bool(both),
        )
    if _NARROWS.search(said.around):
        return replace(
            query, merchants=merchants or query.merchants, categories=categories or query.categories
        )
    return replace(
        query,
        merchants=merchants,
        categories=categories,
        weekdays=said.weekdays,
        either=said.either,
    )


def _other_side(query: Query, said: Said, named: Compare) -> Compare | None:
    """What the question is held against, where what is named now is a side of a comparison."""
    other = query.compare
    if other is not None and _gone(said) & {*other.merchants, *other.categories}:
        return named
    things = other is not None and bool(other.merchants or other.categories)
    if other is not None and things and _AND.search(said.text):
        return replace(other, others=(*other.others, named))
    held = _VERSUS.search(said.text) and (query.merchants or query.categories)
    return named if held else None


def adds_accounts(query: Query, said: Said) -> bool:
    """Whether accounts are added to a question that named none."""
    return bool(said.accounts and not query.accounts and _ADDS.search(said.around))


def _accounts(query: Query, said: Said) -> Query:
    if said.accounts and not _IN_ALL.search(said.text):
        if adds_accounts(query, said):
            return query  # it is about all of them already
        if _ADDS.search(said.around):
            return replace(query, accounts=tuple(dict.fromkeys(query.accounts + said.accounts)))
        return replace(query, accounts=said.accounts)
    return replace(query, accounts=()) if _ALL_ACCOUNTS.search(said.text) else query


def _without(ids: tuple[str, ...], gone: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(id_ for id_ in ids if id_ not in gone)


def _exclude(before: Query, query: Query, said: Said) -> Query:
    """What is named now is no longer left out; what is left out now is no longer named.

    A subject of the last question that is taken back for another ("not tesco, tesco petrol") is
    replaced, so it need not be left out as well.
    """
    new, old = said.exclude, query.exclude
    renamed = bool(said.merchants or said.categories)

    def named(name: str) -> tuple[str, ...]:
        return _without(getattr(query, name), getattr(new, name))

    def out(name: str) -> tuple[str, ...]:
        other = () if before.compare is None else getattr(before.compare, name, ())
        taken_back = (*getattr(before, name), *other) if renamed else ()
        added = _without(getattr(new, name), taken_back)
        return _without(tuple(dict.fromkeys(getattr(old, name) + added)), named(name))

    return replace(
        query,
        merchants=named("merchants"),
        categories=named("categories"),
        accounts=named("accounts"),
        exclude=Exclude(out("merchants"), out("categories"), out("accounts")),
    )


def _rest(query: Query, said: Said) -> Query:
    edited = query
    if said.amounts:
        edited = replace(edited, amount=said.amounts[0])
    if said.number is not None:
        edited = replace(edited, limit=said.number)
    if said.weekdays:
        edited = replace(edited, weekdays=said.weekdays)
    if query.measure == "spending_average":
        unit = said.unit or (said.grouping if said.grouping in {"day", "week", "month"} else None)
        return replace(edited, unit=unit) if unit else edited
    grouping = said.grouping or (said.unit if _SPLIT.search(said.text) else None)
    if grouping in {"category", "merchant", "account", "day", "week", "month"}:
        edited = replace(edited, group_by=grouping, compare=None)
    return edited


def _direction(query: Query, said: Said) -> Query:
    """A category of the other side turns the question round ("and my salary?")."""
    side = next((way for way, words in _SIDES.items() if words.search(said.text)), None)
    if side is not None and query.measure in ROWS:
        return replace(query, direction=side)
    flows = {load_taxonomy().flow(id_) for ids in said.categories for id_ in ids}
    if query.direction == "out" and flows == {"in"}:
        return replace(query, direction="in")
    if query.direction == "in" and flows and "in" not in flows:
        return replace(query, direction="out")
    return query
