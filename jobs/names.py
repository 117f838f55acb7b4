"""Names of people in a message, by gazetteer, payees and the words around them."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from jobs.lexicon import RARE, bare, is_unknown, listed, merchant_spellings
from nlu.texting import TEXTING
from nlu.words import EVERYDAY_WORDS, ranks

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PLAIN_GAP = re.compile(r"[ \t]+|\s?[-.]\s?|\.\s+")
_COMMON = 600
"""Rank below which an English word is a surname only where it is written with a capital."""
_RARE = 5_000
"""Rank from which an English word with a capital after a name with one is a surname."""
_REMEMBERED = 500_000
"""Words whose part is remembered; a flood of invented ones must not fill the memory."""


_KIN = listed("kin")
_TITLES = listed("titles")
_CALLED = listed("called")
_GIVES = listed("gives")
_PAYS = listed("pays")
_MOVES = listed("moves") | _PAYS | _GIVES
_DOES = listed("does")
_TO_ME = listed("to_me")
_WITH = listed("with")
_IN = listed("in")
_SAINTS = listed("saints")
_PERSONS = listed("persons")
_ASKS = listed("asks")
_DOES_PLAIN = listed("does_plain")
_FUNCTION = listed("function")
_WHOSE = listed("whose")
_PARTICLES = listed("particles")
_LONE = frozenset("iaunryxk")

_GIVEN, _WORDY, _TRAP, _SURNAME, _WORDY_SURNAME, _CUE = range(1, 7)


@dataclass(slots=True)
class Word:
    """A word of a message.

    Attributes:
        low: In lower case, without a possessive 's.
        start: First code point.
        end: One past the last code point, the possessive left out.
        capital: Whether it begins with a capital where that says something.
        owns: Whether a possessive 's follows.
    """

    low: str
    start: int
    end: int
    capital: bool
    owns: bool


class _Weights(dict[str, int]):
    """What a word may mean for names: 2 can be one itself, 1 is no English, 0 neither."""

    def __init__(self, kinds: dict[str, int]) -> None:
        self._kinds = kinds

    def __missing__(self, low: str) -> int:
        known = (
            ranks().get(low, RARE) < RARE
            or len(low) < 3
            or low in merchant_spellings()
            or low in TEXTING
        )
        weight = 0 if known or low in _FUNCTION else 1
        if self._kinds.get(low) in (_GIVEN, _WORDY, _TRAP, _SURNAME) or low in _TITLES:
            weight = 2
        if len(self) < _REMEMBERED:
            self[low] = weight
        return weight


class NameFinder:
    """Finds the names of people.

    Args:
        payees: People of the ledger; each is found whole, and each word of it that is no common
            English word and no merchant is a name of its own.
        without: Names that the gazetteer is to do without; lets a test hold some out.
    """

    def __init__(self, payees: Iterable[str] = (), without: Collection[str] = ()) -> None:
        kinds: dict[str, int] = dict.fromkeys(
            (*_KIN, *_TITLES, *_CALLED, *_GIVES, *_MOVES, *_DOES, "name", "im", "i'm", "names"),
            _CUE,
        )
        for kind, number in (
            ("surname_words", _WORDY_SURNAME),
            ("surnames", _SURNAME),
            ("given_words", _WORDY),
            ("given_traps", _TRAP),
            ("given", _GIVEN),
        ):
            kinds.update(dict.fromkeys(listed(kind) - frozenset(without), number))
        surnames = listed("surnames") | listed("surname_words")
        self._surnames = surnames - frozenset(without)
        self._payees: dict[str, list[tuple[str, ...]]] = {}
        for payee in payees:
            self._add_payee(tuple(word.low for word in words_of(payee)), kinds)
        self._kinds = kinds
        self._weights = _Weights(kinds)
        self._cues = frozenset(word for word, kind in kinds.items() if kind == _CUE)
        self._guards = _guards(kinds)

    def _add_payee(self, parts: tuple[str, ...], kinds: dict[str, int]) -> None:
        if not parts:
            return
        if len(parts) > 1 or ranks().get(parts[0], EVERYDAY_WORDS) >= EVERYDAY_WORDS:
            self._payees.setdefault(parts[0], []).append(parts)
            kinds.setdefault(parts[0], _CUE)
        for part in parts:
            if len(part) > 2 and part not in ranks() and part not in merchant_spellings():
                kinds.setdefault(part, _GIVEN)

    def spans(self, text: str, lows: Collection[str]) -> list[tuple[int, int]]:
        """Return where names stand, in code points, in order and apart.

        Args:
            text: A message.
            lows: Its runs of letters in lower case; most messages have none that matters.
        """
        weight = max(map(self._weights.__getitem__, lows), default=0)
        if weight == 0 or (weight == 1 and self._cues.isdisjoint(lows)):
            return []
        words = words_of(text)
        found: list[tuple[int, int]] = []
        reached = 0
        for at in [at for at, word in enumerate(words) if word.low in self._kinds]:
            if at < reached:
                continue
            first, last = self._name_at(text, words, at)
            first = max(first, reached)
            if first < last and (end := self._guarded(words, max(first, at))):
                reached = end
            elif first < last:
                found.append((words[first].start, words[last - 1].end))
                reached = last
        return found

    def _name_at(self, text: str, words: Sequence[Word], at: int) -> tuple[int, int]:
        """The words of a name that begins at or right after a hit; an empty span without one."""
        if end := self._payee_end(words, at):
            return at, end
        if text[words[at].end : words[at].end + 1] == "*":  # A bank line: ZEN*CARWASH.
            return at, at
        kind = self._kinds.get(words[at].low, 0)
        if kind == _CUE:
            before = self._before_cue(text, words, at)
            return before if before[0] < before[1] else self._after_cue(text, words, at)
        if not self._is_name(text, words, at, kind):
            return at, at
        first = self._left(words, at) if kind in (_GIVEN, _SURNAME) else at
        return first, self._right(text, words, at + 1)

    def _payee_end(self, words: Sequence[Word], at: int) -> int:
        """The word after a payee of the ledger who begins here; 0 without one."""
        for parts in self._payees.get(words[at].low, ()):
            if tuple(word.low for word in words[at : at + len(parts)]) == parts:
                return at + len(parts)
        return 0

    def _is_name(self, text: str, words: Sequence[Word], at: int, kind: int) -> bool:
        """Whether a word of the gazetteer is a name here."""
        if kind in (_GIVEN, _SURNAME):
            return not (self._is_shop(words, at) or _is_town(words, at, kind))
        return (kind == _WORDY and _weak(words, at)) or self._strong(text, words, at)

    def _guarded(self, words: Sequence[Word], at: int) -> int:
        """The word after a merchant's name that begins here or one word before; 0 without one."""
        for begin in (at, at - 1) if at else (at,):
            for parts in self._guards.get(words[begin].low.replace("'", ""), ()):
                end = begin + len(parts)
                if end <= len(words) and all(map(_same, words[begin:end], parts)):
                    return end
        return 0

    def _is_shop(self, words: Sequence[Word], at: int) -> bool:
        """Whether the word with its 's is a merchant, such as Wendy's, and nothing says person."""
        word = words[at]
        with_s = word.low + "s" in merchant_spellings() or (
            word.low.endswith("s")
            and (word.low in merchant_spellings() and word.low not in listed("given"))
        )
        return with_s and word.owns and not (at and words[at - 1].low in _KIN | _TITLES)

    def _strong(self, text: str, words: Sequence[Word], at: int) -> bool:
        """Whether what stands around can only be around a person."""
        before = words[at - 1].low if at else ""
        if before in _KIN or before in _TITLES or before in _CALLED:
            return words[at].low not in _FUNCTION or words[at].low in ("will", "may")
        if self._kinds.get(words[at].low) == _WORDY_SURNAME:
            return False
        after = words[at + 1] if at + 1 < len(words) else None
        if after is None or not _joined(text, words[at], after):
            return False
        if after.low in ("owes", "owed", "owe") or (
            before in _ASKS
            and self._kinds.get(words[at].low) == _WORDY
            and after.low in _DOES | _DOES_PLAIN
            and any(word.low in _TO_ME for word in words[at + 2 : at + 3])
        ):
            return True
        follows = self._kinds.get(after.low) == _SURNAME and not self._guarded(words, at + 1)
        return follows and (words[at].capital == after.capital) and before not in ("at", "in")

    def _left(self, words: Sequence[Word], at: int) -> int:
        """Takes an initial before a name: the j of j smith."""
        before = words[at - 1] if at else None
        if (
            before
            and len(before.low) == 1
            and ((before.capital and before.low != "i") or before.low not in _LONE)
        ):
            return at - 1
        return at

    def _right(self, text: str, words: Sequence[Word], at: int) -> int:
        """The end of a name whose words before ``at`` are known to be one."""
        while (
            at < len(words) and not words[at - 1].owns and _joined(text, words[at - 1], words[at])
        ):
            word = words[at]
            ahead = words[at + 1] if at + 1 < len(words) else None
            if word.low in _PARTICLES and ahead and ahead.low in self._surnames:
                at += 2
            elif self._goes_on(word, words[at - 1]) or (
                len(word.low) == 1
                and word.low not in _LONE
                and (ahead is None or self._is_surname(ahead))
            ):
                at += 1
            else:
                break
        return at

    def _is_surname(self, word: Word) -> bool:
        return word.low in self._surnames

    def _goes_on(self, word: Word, before: Word) -> bool:
        kind = self._kinds.get(word.low, 0)
        if kind in (_GIVEN, _SURNAME):
            return True
        if word.low in self._surnames:
            both = word.capital and before.capital
            return both or ranks().get(word.low, _COMMON) >= _COMMON
        if word.capital and before.capital and ranks().get(word.low, _RARE) >= _RARE:
            return True
        return kind == 0 and is_unknown(word.low)

    def _before_cue(self, text: str, words: Sequence[Word], at: int) -> tuple[int, int]:
        """A name that no gazetteer has, right before owes, paid me and the like."""
        after = words[at + 1].low if at + 1 < len(words) else ""
        does = words[at].low == "owes" or (
            after in _TO_ME and (words[at].low in _DOES or words[at].low in _DOES_PLAIN)
        )
        if not does or not at or not _joined(text, words[at - 1], words[at]):
            return at, at
        low = words[at - 1].low
        return (at - 1, at) if low not in self._kinds and is_unknown(low) else (at, at)

    def _after_cue(self, text: str, words: Sequence[Word], at: int) -> tuple[int, int]:
        """A name that no gazetteer has, right after a word that is followed by people."""
        cue, before = words[at].low, words[at - 1].low if at else ""
        at += 1
        if words[at - 1].owns or cue in ("im", "i'm"):
            return at, at
        if cue in ("name", "names"):
            said = at < len(words) and words[at].low in ("is", "s", "was") and before in _WHOSE
            at = at + 1 if said else len(words)
        elif cue == "called" and before not in _PERSONS:
            return at, at
        elif cue in _MOVES and cue not in _GIVES:
            at = _recipient(words, at)
        elif cue in _DOES and cue not in _GIVES:
            return at, at
        first = at
        while at + 1 < len(words) and cue in _TITLES and len(words[at].low) == 1:
            at += 1
        if at >= len(words) or not _near(text, words[at - 1], words[at]):
            return at, at
        if self._guarded(words, at) or not self._may_be_name(words[at], cue):
            return at, at
        return first, self._right(text, words, at + 1)

    def _may_be_name(self, word: Word, cue: str) -> bool:
        kind = self._kinds.get(word.low, 0)
        if kind in (_GIVEN, _SURNAME):
            return True
        if cue in _TITLES:
            return word.low not in _FUNCTION and (len(word.low) > 2 or kind != 0)
        if cue in _KIN or cue in _CALLED or cue in ("name", "names"):
            named = kind in (_WORDY, _TRAP) and word.low not in _FUNCTION
            return named or (word.low in ("will",) and cue in _KIN) or is_unknown(word.low)
        # Much is sent to savings, rent or childcare: there only a word that is no English at all.
        return is_unknown(word.low) and (cue in _GIVES or word.low not in ranks())


_OWN_GUARDS = (
    "jack daniels",
    "dr pepper",
    "dr martens",
    "mr kipling",
    "mr beast",
    "aunt bessies",
    "uncle bens",
    "uncle ben",
)


def _guards(kinds: dict[str, int]) -> dict[str, list[tuple[str, ...]]]:
    """Merchants of several words one of which could be a name, by their first word."""
    guards: dict[str, list[tuple[str, ...]]] = {}
    for spelling in (*merchant_spellings(), *_OWN_GUARDS):
        parts = tuple(_WORD.findall(spelling))
        if len(parts) > 1 and any(
            kinds.get(part, _CUE) != _CUE or kinds.get(part.rstrip("s"), _CUE) != _CUE
            for part in parts
        ):
            guards.setdefault(parts[0], []).append(parts)
    return guards


def _same(word: Word, part: str) -> bool:
    """Whether a word is a part of a merchant's name, with or without an s."""
    return bare(word.low).rstrip("s") == part.rstrip("s")


def words_of(text: str) -> list[Word]:
    """Split a message into its words."""
    shouted = text.isupper()
    found: list[Word] = []
    for match in _WORD.finditer(text):
        raw, start, end = match.group(), match.start(), match.end()
        low = raw.lower()
        owns = low[-2:] in ("'s", "’s") and len(low) > 2
        if owns:
            low, end = low[:-2], end - 2
        elif low[-2:] in ("s'", "s’"):
            low, end, owns = low[:-1], end - 1, True
        found.append(Word(low, start, end, raw[0].isupper() and not shouted, owns))
    return found


def _weak(words: Sequence[Word], at: int) -> bool:
    """Whether a word that is a name too stands where people stand."""
    word = words[at]
    before = words[at - 1].low if at else ""
    after = words[at + 1].low if at + 1 < len(words) else ""
    if after in _NOUNS:
        return False
    if before in _WITH or before in _GIVES or before in _PAYS:
        return True
    if before == "to":
        return any(earlier.low in _MOVES for earlier in words[max(0, at - 8) : at - 1])
    if after in _DOES and (
        (at + 2 < len(words) and words[at + 2].low in _TO_ME) or after == "owes"
    ):
        return True
    if word.owns:
        return True
    return bool(at) and word.capital and not words[at - 1].capital


def _is_town(words: Sequence[Word], at: int, kind: int) -> bool:
    """Whether the word before makes a place of a name: San Antonio, in Westwood."""
    before = words[at - 1].low if at else ""
    return before in _SAINTS or (kind == _SURNAME and before in _IN)


_NOUNS = listed("nouns")


def _joined(text: str, left: Word, right: Word) -> bool:
    """Whether only space, a hyphen or an initial's point stands between two words."""
    return bool(_PLAIN_GAP.fullmatch(text, left.end, right.start))


def _near(text: str, left: Word, right: Word) -> bool:
    between = text[left.end : right.start]
    return len(between) <= 10 and not any(sign in between for sign in "?!;,")


def _recipient(words: Sequence[Word], at: int) -> int:
    """Where the receiver stands after a verb of paying: the word after to within six words."""
    for place in range(at, min(at + 6, len(words))):
        if words[place].low == "to":
            return place + 1
    return len(words)
