"""The features of many texts at once are those of each by its definition."""

import zlib
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from enrichment.text_model import hashes_many

_TEXTS = st.text(st.sampled_from("abcé& 漢"), max_size=40)
_TOKENS = st.lists(st.sampled_from(["s:out", "r:card out", "p:square"]), unique=True)


def _plain(text: str, tokens: list[str]) -> list[int]:
    words = text.split()
    parts = [token.encode() for token in tokens]
    for word in words:
        edged = f" {word} ".encode()
        spans = [edged[at : at + n] for n in (3, 4, 5) for at in range(len(edged) - n + 1)]
        parts += [b"w" + edged, *spans]
    parts += [f"b {a} {b}".encode() for a, b in pairwise(words)]
    parts += [f"f {words[0]}".encode(), f"l {words[-1]}".encode()] if words else []
    return sorted({zlib.crc32(part) % 2**18 for part in parts})


@given(st.lists(st.tuples(_TEXTS, _TOKENS), min_size=1, max_size=4))
def test_texts_together_have_the_features_of_each(texts: list[tuple[str, list[str]]]) -> None:
    assert [row.tolist() for row in hashes_many(texts)] == [_plain(*text) for text in texts]
