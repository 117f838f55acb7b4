"""Fine-tunes the body of the sentence encoder on several tasks at once.

Each task has a table of class vectors; a text is to be near the vector of its label (softmax over
scaled cosines, as in NormFace, Wang et al. 2017). The tables are thrown away afterwards: what
serves are small classifiers over the vectors, fitted without PyTorch.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from jobs.encoder_body import WIDTH, Body
from jobs.encoder_data import Task

Progress = Callable[[str], None]
Ids = list[int]
_REPORT_EVERY = 100
_SORTED = 16
"""Batches whose texts are sorted by length together, so that little is padded."""
_MEAN_ROWS = 4_000
"""Rows of a task that its first class vectors are made from."""


@dataclass(frozen=True)
class Fit:
    """How the body is fine-tuned.

    Attributes:
        frozen: Layers from the bottom, besides the word vectors, that stay as they were.
        passes: How often each task is gone through.
        batch: Texts in one step.
        rate: Largest step of the body; it rises over the first steps and falls to nothing.
        table_rate: The same of the class vectors.
        scale: What cosines are multiplied by.
        smoothing: Share of a label's weight that is spread over all classes.
        threads: Of PyTorch.
        seed: Of the order of batches.
    """

    frozen: int = 2
    passes: int = 1
    batch: int = 32
    rate: float = 2e-4
    table_rate: float = 5e-3
    scale: float = 20.0
    smoothing: float = 0.05
    threads: int = 2
    seed: int = 17


class _Learner:
    """One task as numbers, with its class vectors."""

    def __init__(self, task: Task, tokenizer: Tokenizer, body: Body, batch: int) -> None:
        names = {label: n for n, label in enumerate(sorted({label for _, label in task.rows}))}
        self.name = task.name
        self.ids: list[Ids] = [
            found.ids for found in tokenizer.encode_batch([text for text, _ in task.rows])
        ]
        self.labels = torch.tensor([names[label] for _, label in task.rows])
        self.table = nn.Parameter(self._means(body, len(names), batch))
        self.loss = 0.0

    def _means(self, body: Body, classes: int, batch: int) -> Tensor:
        """The mean vector of each class before training, a good place to start from."""
        total = torch.zeros(classes, WIDTH)
        drawn = range(0, len(self.ids), max(1, len(self.ids) // _MEAN_ROWS))
        order = sorted(drawn, key=lambda row: len(self.ids[row]))
        with torch.no_grad():
            for start in range(0, len(order), 8 * batch):
                rows = order[start : start + 8 * batch]
                total.index_add_(0, self.labels[rows], body(*padded([self.ids[r] for r in rows])))
        return nn.functional.normalize(total, dim=1)

    def batches(self, size: int, rng: random.Random) -> Iterator[list[int]]:
        """Rows in batches of like length, in random order."""
        order = list(range(len(self.ids)))
        rng.shuffle(order)
        for start in range(0, len(order), size * _SORTED):
            chunk = sorted(order[start : start + size * _SORTED], key=lambda r: len(self.ids[r]))
            for first in range(0, len(chunk), size):
                yield chunk[first : first + size]


def padded(rows: Sequence[Ids]) -> tuple[Tensor, Tensor]:
    """Token ids and mask of some texts as rectangles."""
    ids = nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True)
    return ids, (ids > 0).long()


def fit(
    body: Body, tokenizer: Tokenizer, tasks: Sequence[Task], how: Fit, progress: Progress
) -> None:
    """Fine-tune a body in place.

    Args:
        body: With the published weights.
        tokenizer: Without padding.
        tasks: What to learn, their batches mixed.
        how: The settings.
        progress: Told the mean losses now and then.
    """
    torch.manual_seed(how.seed)
    torch.set_num_threads(how.threads)
    rng = random.Random(how.seed)  # noqa: S311 - an order of batches
    _freeze(body, how.frozen)
    learners = [_Learner(task, tokenizer, body, how.batch) for task in tasks]
    steps = [
        (learner, rows)
        for _ in range(how.passes)
        for learner in learners
        for rows in learner.batches(how.batch, rng)
    ]
    rng.shuffle(steps)
    optimizer = _optimizer(body, learners, how)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda at: _slope(at, len(steps)))
    began = time.monotonic()
    for number, (learner, rows) in enumerate(steps):
        _step(body, learner, rows, optimizer, how)
        schedule.step()
        if number % _REPORT_EVERY == 0:
            losses = " ".join(f"{each.name} {each.loss:.2f}" for each in learners)
            progress(f"{number}/{len(steps)} {losses} {time.monotonic() - began:.0f} s")


def _freeze(body: Body, layers: int) -> None:
    for part in (body.words, body.places, body.norm, *body.layers[:layers]):
        part.requires_grad_(False)


def _optimizer(body: Body, learners: Sequence[_Learner], how: Fit) -> torch.optim.Optimizer:
    trained = [weight for weight in body.parameters() if weight.requires_grad]
    tables = [learner.table for learner in learners]
    return torch.optim.AdamW(
        [
            {"params": trained, "lr": how.rate, "weight_decay": 0.01},
            {"params": tables, "lr": how.table_rate, "weight_decay": 0.0},
        ],
        fused=True,
    )


def _slope(at: int, steps: int) -> float:
    return min(1.0, (at + 1) / (0.06 * steps)) * max(0.02, 1 - at / steps)


def _step(
    body: Body, learner: _Learner, rows: list[int], optimizer: torch.optim.Optimizer, how: Fit
) -> None:
    vectors = body(*padded([learner.ids[row] for row in rows]))
    cosines = vectors @ nn.functional.normalize(learner.table, dim=1).T
    loss = nn.functional.cross_entropy(
        how.scale * cosines, learner.labels[rows], label_smoothing=how.smoothing
    )
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(body.parameters(), 1.0)
    optimizer.step()
    seen = float(loss.detach())
    learner.loss = 0.97 * learner.loss + 0.03 * seen if learner.loss else seen
