"""A linear tokeniser: letters, digits and signs apart, offsets in code points of the raw text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# No message of a person is longer; the rest of a hostile one is not read for entities.
MAX_CHARACTERS = 1_000
MAX_TOKENS = 160

_TOKEN = re.compile(
    r"(?P<num>[0-9]{1,12}(?:[.,][0-9]{1,9}){0,6})"
    r"|(?P<word>[^\W\d_][^\W\d_\u0300-\u036f]*[\u0300-\u036f]*(?:[^\W\d_]|[\u0300-\u036f])*)"
    r"|(?P<sign>[^\s])"
)
_APOSTROPHES = "'’‘`´"


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign of a message.

    Attributes:
        text: As written.
        low: Folded for look-up: lower case, no accents; `'s` and the like carry their apostrophe.
        kind: `word`, `num` or `sign`.
        start: First code point.
        end: One past the last code point.
        glued: Whether nothing stands between it and the token before.
    """

    text: str
    low: str
    kind: str
    start: int
    end: int
    glued: bool


def fold(text: str) -> str:
    """Lower case without accents, full-width forms and typographic apostrophes."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.replace("’", "'").replace("‘", "'")


def tokenise(text: str) -> list[Token]:
    """Splits a message; at most `MAX_TOKENS` tokens of its first `MAX_CHARACTERS` characters.

    A run of one sign is one token, so that a thousand dots cost no more than one.
    """
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text, 0, min(len(text), MAX_CHARACTERS)):
        start, stop = match.span()
        raw, kind = match.group(), match.lastgroup or "sign"
        previous = tokens[-1] if tokens else None
        if kind == "sign" and previous and previous.text == raw and previous.end == start:
            end = stop
            continue
        if kind == "num" and raw[0] not in "0123456789":
            kind = "sign"
        if len(tokens) >= MAX_TOKENS:
            break
        tokens.append(Token(raw, fold(raw), kind, start, stop, bool(tokens) and start == end))
        end = stop
    return _split_compounds(_join_apostrophes(tokens))


_COMPOUND = re.compile(
    r"(last|this|next|past)(week|month|year|weekend|night|quarter|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday)s?"
)


def _split_compounds(tokens: list[Token]) -> list[Token]:
    """Makes two words of `lastmonth`."""
    split: list[Token] = []
    for token in tokens:
        match = _COMPOUND.fullmatch(token.low) if len(token.low) > 7 else None
        if match is None or len(token.low) != len(token.text):
            split.append(token)
            continue
        at = len(match.group(1))
        middle = token.start + at
        split.append(
            Token(token.text[:at], token.low[:at], "word", token.start, middle, token.glued)
        )
        split.append(Token(token.text[at:], token.low[at:], "word", middle, token.end, True))
    return split


def _join_apostrophes(tokens: list[Token]) -> list[Token]:
    """Makes `don ' t` one word again, and `month ' s` the two words `month`, `'s`."""
    joined: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if (
            token.kind == "sign"
            and token.text in _APOSTROPHES
            and joined
            and token.glued
            and i + 1 < len(tokens)
            and tokens[i + 1].glued
            and tokens[i + 1].kind == "word"
        ):
            after, before = tokens[i + 1], joined[-1]
            if after.low == "s" or before.kind == "num":
                joined.append(
                    Token("'" + after.text, "'" + after.low, "word", token.start, after.end, True)
                )
            else:
                joined[-1] = Token(
                    before.text + token.text + after.text,
                    f"{before.low}'{after.low}",
                    "word",
                    before.start,
                    after.end,
                    before.glued,
                )
            i += 2
            continue
        joined.append(token)
        i += 1
    return joined
