"""Layer 4's edge: unsure lines, redacted, go to a large language model; answers are kept."""

import hashlib
import json
import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from endpoint import BadReplyError, Cache, Endpoint, EndpointError
from enrichment import prompts
from enrichment.questions import Answer, Question
from knowledge.taxonomy import UNCATEGORISED

logger = logging.getLogger(__name__)

NO_ANSWER = Answer(UNCATEGORISED, 0.0)
"""Kept for a line that the model left out, so that it is not asked again."""


class Asker:
    """Asks a large language model about lines, each distinct one once.

    Args:
        endpoint: The model.
        cache: What it was asked before, by anybody: what is sent names nobody.
        redactor: Given names of people, what takes these, other names and numbers out of a text.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        cache: Cache,
        redactor: Callable[[Collection[str]], Callable[[str], str]],
    ) -> None:
        self._endpoint = endpoint
        self._cache = cache
        self._redactor = redactor

    def known(
        self, questions: Collection[Question], names: Collection[str] = ()
    ) -> dict[Question, Answer]:
        """Answers that were given before; ``names`` as in `ask`."""
        return self._known(self._said(questions, names))

    def ask(
        self, questions: Collection[Question], at: datetime, names: Collection[str] = ()
    ) -> dict[Question, Answer]:
        """Ask what is not known yet, in the order given, until the endpoint gives out.

        Over budget, down or busy: what was answered until then is kept, the rest stays open. Lines
        whose answer is of no use stay open, too; the others are asked.

        Args:
            questions: The most important first.
            at: Now; its day pays.
            names: Whose lines they are, and people that these name: none of them is sent.

        Returns:
            The answers that there are, those known before too.
        """
        said = self._said(questions, names)
        known = self._known(said)
        by_text: dict[str, list[Question]] = {}
        for question, text in said.items():
            if question not in known:
                by_text.setdefault(text, []).append(question)
        texts = list(by_text)
        for start in range(0, len(texts), prompts.BATCH):
            batch = texts[start : start + prompts.BATCH]
            try:
                answers = self._batch(batch, at)
            except EndpointError as error:
                logger.warning("no answer from the language model: %s", type(error).__name__)
                if isinstance(error, BadReplyError):
                    continue  # the same lines would keep all others from being asked
                break
            for text, answer in answers.items():
                known.update(dict.fromkeys(by_text[text], answer))
        return known

    def _known(self, said: Mapping[Question, str]) -> dict[Question, Answer]:
        found = self._cache.get(set(said.values()))
        return {question: _answer(found[text]) for question, text in said.items() if text in found}

    def _said(self, questions: Collection[Question], names: Collection[str]) -> dict[Question, str]:
        """The questions as they are sent, without those of which redaction leaves no word."""
        redact = self._redactor(names)
        said = {}
        for question in questions:
            text = redact(question.text)
            if any(word.isalpha() for word in text.split()):
                said[question] = json.dumps(prompts.line(question, text), ensure_ascii=False)
        return said

    def _batch(self, texts: list[str], at: datetime) -> dict[str, Answer]:
        reply = self._endpoint.ask(
            prompts.system(),
            prompts.user([json.loads(text) for text in texts]),
            prompts.Labels,
            most_tokens=prompts.TOKENS_A_LINE * len(texts),
            at=at,
        )
        found = prompts.answers_of(reply.value, len(texts))
        answers = {text: found.get(n, NO_ANSWER) for n, text in enumerate(texts)}
        self._cache.put({text: _kept(answer) for text, answer in answers.items()})
        return answers


def wording(model: str) -> str:
    """What answers depend on besides the question: the model and the words it is told."""
    told = hashlib.sha256(prompts.system().encode()).hexdigest()[:16]
    return f"{model}/{told}"


def _kept(answer: Answer) -> str:
    return json.dumps([answer.category, answer.sure])


def _answer(kept: str) -> Answer:
    category, sure = json.loads(kept)
    return Answer(category, sure)
