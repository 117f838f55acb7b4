"""One normal form of a message, for the teacher, for training and for serving alike.

What carries no intent is made equal: case, apostrophes, stretched letters, runs of punctuation, the
digits of amounts and dates, the spellings of texting. What is left is words, emoji and "?" with
single spaces between them.
"""

import re
import unicodedata
from functools import lru_cache

from nlu.texting import TEXTING

LONGEST = 500
"""Code points that are read of a message; spaCy's tokenizer is quadratic on what may follow."""

_REMEMBERED = 20_000
"""Words whose normal form is kept at hand."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"'})
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_PUNCTUATION_RUN = re.compile(r"([^\w\s])\1{3,}")
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_UNITS = r"(?:quid|pounds?|gbp|bucks?|dollars?|dollas?|usd|euros?|eur|pence|p|cents?|rupees?)\b"
_TOKEN = re.compile(
    rf"""
    (?P<plan>401\s?\(?k\)?|\b529\b)
  | (?P<moneyx>[£$€]\s?{_NUMBER}\s?(?:k\b|m\b)?|{_NUMBER}\s?k?\s?(?:{_UNITS}|[£€$])
              |{_NUMBER}k\b|\d+\.\d\d?(?!\d))
  | (?P<ordx>\d{{1,2}}(?:st|nd|rd|th)\b)
  | (?P<datex>\d{{1,4}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?(?!\d))
  | (?P<timex>\d{{1,2}}:\d\d(?:\s?[ap]m)?|\d{{1,2}}\s?[ap]m\b)
  | (?P<yearx>\b(?:19|20)\d\d\b)
  | (?P<numx>{_NUMBER})
  | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
  | (?P<mark>[?]|[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff])
    """,
    re.VERBOSE,
)
_OF_ITS_OWN = frozenset("yn")
"""Letters that are an answer as often as a texted word: the model tells by what is around."""
_SKIN_AND_JOINERS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u200d]")


def cap(text: str) -> str:
    """Return the message cut to ``LONGEST`` code points, its runs of punctuation cut to three.

    This is what the extractor may be given; it keeps every offset only where nothing was cut.
    """
    return _PUNCTUATION_RUN.sub(r"\1\1\1", text[:LONGEST])


def normalise(text: str) -> str:
    """Return the normal form of a message; empty for one without a word, emoji or number."""
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_QUOTES))
        text = _SKIN_AND_JOINERS.sub("", text)
    text = text.lower()
    words = text.split()
    # Nothing but words is what most messages are: they need no tokenizer.
    if text.isascii() and "".join(words).isalpha():
        return " ".join([_shortened(word) for word in words])
    return " ".join(_tokens(_STRETCHED.sub(r"\1\1", text)))


@lru_cache(maxsize=_REMEMBERED)
def _shortened(word: str) -> str:
    return _spelt(_STRETCHED.sub(r"\1\1", word))


def _spelt(word: str) -> str:
    return word if word in _OF_ITS_OWN else TEXTING.get(word, word)


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        token = match.group()
        if kind == "word":
            found.append(_spelt(token.replace("'", "")))
        elif kind == "mark":
            if not found or found[-1] != token:
                found.append(token)
        elif kind == "plan":
            found.append("pensionplan")
        else:
            found.append(kind or token)
    return found
