"""The trained part of the extractor: a small NER for names that no list holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from spacy.language import Language
from spacy.tokens import Doc, Span

from nlu.message import Message, Proposal
from nlu.periods.lexicon import NOTHING
from nlu.words import is_everyday, is_known, is_strange, known_ranks, listed

LABELS = ("merchant", "category", "goal", "account")
NER_FOLDER = "ner"
NER_CONFIG: dict[str, Any] = {
    "model": {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 48,
        "maxout_pieces": 2,
        "use_upper": False,
        "tok2vec": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": None,
            "width": 64,
            "depth": 3,
            "embed_size": 2000,
            "window_size": 1,
            "maxout_pieces": 3,
            "subword_features": True,
        },
    }
}
# A trained reading stands behind every listed one.
SCORES = {"merchant": 0.66, "category": 0.64, "goal": 0.63, "account": 0.62}


def load_ner(folder: Path, nlp: Language) -> Callable[[Doc], Doc]:
    """The trained component of a released model, for documents of the extractor.

    Args:
        folder: The model's folder in the registry.
        nlp: The pipeline of the extractor; its string store learns the labels.
    """
    trained: Any = nlp.create_pipe("ner", config=NER_CONFIG)
    trained.from_disk(folder / NER_FOLDER, exclude=["vocab"])
    for label in LABELS:
        nlp.vocab.strings.add(label)
    return cast("Callable[[Doc], Doc]", trained)


_PLAIN = listed(
    "card bank account accounts money budget budgets alert alerts goal goals subscription "
    "subscriptions transaction transactions payment payments detail charges debit debits direct "
    "statement number families folk people let's each late any low stuff thing things app data "
    "savings balance spending spend"
)
_BEFORE = {
    "merchant": listed(
        "at from to with in did is does cancel my the and vs or on paid stop by has"
    ),
    "category": listed(
        "on for my the vs and or about excluding than a without just in our as total"
    ),
    "goal": listed("to for in the off with a my towards on of"),
}
_ANY_BEFORE: frozenset[str] = frozenset().union(*_BEFORE.values())
COMMONEST = 250
_SAVING = listed(
    "pot fund goal save saving saved put add move close far reach track towards chuck toss pots "
    "savings stack stash contribute target"
)


def propose_names(doc: Doc, message: Message) -> list[Proposal]:
    """What the NER found, no other layer read and a name can be."""
    taken = {k for p in message.proposals for k in range(p.first, p.last)}
    found = []
    for span in doc.ents:
        if taken & set(range(span.start, span.end)) or not _may_be_name(message, span):
            continue
        resolved = {"id": None, "name": span.text} if span.label_ == "goal" else None
        score = SCORES[span.label_]
        found.append(Proposal(span.label_, span.start, span.end, score, resolved, "ner"))
    return found


def is_needed(message: Message) -> bool:
    """Whether a word that nothing read stands where a name can; most messages have none."""
    c = message.cursor
    taken = {k for p in message.proposals for k in range(p.first, p.last)}
    return any(
        k not in taken
        and token.kind == "word"
        and c.low(k - 1) in _ANY_BEFORE
        and c.atom(k) is NOTHING
        and token.low not in _PLAIN
        and known_ranks().get(token.low, 9_999) >= COMMONEST
        for k, token in enumerate(message.tokens)
    )


def _may_be_name(message: Message, span: Span) -> bool:
    c = message.cursor
    lows = [c.low(k) for k in range(span.start, span.end)]
    plain = any(
        c.tokens[k].kind != "word"
        or c.atom(k) is not NOTHING
        or low in _PLAIN
        or known_ranks().get(low, 9_999) < COMMONEST
        or not (is_known(low) or is_strange(low))
        for k, low in zip(range(span.start, span.end), lows, strict=True)
    )
    if plain or span.label_ not in _BEFORE or c.low(span.start - 1) not in _BEFORE[span.label_]:
        return False
    if span.label_ == "goal":
        return any(t.low in _SAVING for t in message.tokens)
    return any(not is_everyday(low) for low in lows)
