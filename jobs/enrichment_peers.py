"""Simple peers on the same rows: what a newcomer would try first, trained on the same lines."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import fasttext
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.svm import SVC, LinearSVC

from enrichment.clean import words_of
from jobs.enrichment_text import Silver
from knowledge.taxonomy import UNCATEGORISED

Peer = Callable[[Sequence[str]], list[str]]


def _text(description: str, *, inflow: bool) -> str:
    return f"{words_of(description)} {'moneyin' if inflow else 'moneyout'}"


def texts_of(rows: Sequence[tuple[str, bool]]) -> list[str]:
    """The text that every peer sees: the line's words and the sign."""
    return [_text(description, inflow=inflow) for description, inflow in rows]


def dictionary(texts: list[str], labels: list[str]) -> Peer:
    """Exact dictionary: the commonest category of the same text, uncategorised for new ones."""
    votes: dict[str, Counter[str]] = {}
    for text, label in zip(texts, labels, strict=True):
        votes.setdefault(text, Counter())[label] += 1
    best = {text: tally.most_common(1)[0][0] for text, tally in votes.items()}
    return lambda asked: [best.get(text, UNCATEGORISED) for text in asked]


def tfidf_svm(texts: list[str], labels: list[str]) -> Peer:
    """TF-IDF of words and word pairs with a linear support vector machine."""
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = LinearSVC(C=1.0).fit(vectors.fit_transform(texts), labels)
    return lambda asked: [str(c) for c in model.predict(vectors.transform(asked))]


def bag_svm(texts: list[str], labels: list[str]) -> Peer:
    """A bag of words with a linear-kernel SVC, the method of beancount's smart_importer.

    The package itself needs beancount, whose licence (GPL) keeps it out of here.
    """
    vectors = CountVectorizer(ngram_range=(1, 3))
    model = SVC(kernel="linear").fit(vectors.fit_transform(texts), labels)
    return lambda asked: [str(c) for c in model.predict(vectors.transform(asked))]


def plain_fasttext(texts: list[str], labels: list[str]) -> Peer:
    """FastText's supervised classifier with subwords."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.txt"
        lines = (f"__label__{c} {t}" for t, c in zip(texts, labels, strict=True))
        path.write_text("\n".join(lines), encoding="utf-8")
        model = fasttext.train_supervised(
            str(path), epoch=60, lr=0.8, wordNgrams=2, minn=3, maxn=5, dim=50, bucket=50_000,
            thread=12, verbose=0,
        )  # fmt: skip
    return lambda asked: [
        labels_[0].removeprefix("__label__") for labels_ in model.predict(list(asked))[0]
    ]


PEERS: dict[str, Callable[[list[str], list[str]], Peer]] = {
    "exact dictionary": dictionary,
    "bag of words, SVC (smart_importer's method)": bag_svm,
    "fastText": plain_fasttext,
    "TF-IDF, linear SVM": tfidf_svm,
}


def compare(
    silver: Sequence[Silver], asked: Sequence[tuple[str, bool]], wanted: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Leaf and top accuracy of each peer.

    Args:
        silver: What they learn from.
        asked: Description and whether money came in, of each golden row.
        wanted: The golden categories.
    """
    texts = texts_of([(row.description, row.minor > 0) for row in silver])
    labels = [row.category for row in silver]
    found = {}
    for name, fit in PEERS.items():
        answers = fit(texts, labels)(texts_of(asked))
        pairs = list(zip(answers, wanted, strict=True))
        found[name] = {
            "category": round(float(np.mean([a == w for a, w in pairs])), 4),
            "top": round(float(np.mean([a.split(".")[0] == w.split(".")[0] for a, w in pairs])), 4),
        }
    return found
