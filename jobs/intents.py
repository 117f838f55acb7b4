"""The student's training: teacher's labels and templates, augmented, into a fastText model."""

import hashlib
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import fasttext

from jobs import augment
from jobs.calibration import fit_settings
from jobs.golden import Golden, read_golden
from jobs.history import Message, read_messages
from nlu.intents import FOLLOWING, FOLLOWUPS, MODEL, OPENING, OUT, SETTINGS, IntentModel, Settings
from nlu.normalise import normalise
from regex_bootstrap.catalog import Catalog, Intent, read_catalog
from regex_bootstrap.vote import Teacher
from registry import Registry

Progress = Callable[[str], None]
_KIND = "intents"
_KEYS = "quick.json"
_SEED = 17


@dataclass(frozen=True)
class Recipe:
    """How large a training set is made, and how it is fitted.

    Attributes:
        drawn: Lines drawn from the templates of each intent; out of scope gets three times that.
        copies: Copies of each message that the teacher labelled, and of each example.
        typo_share: The share of lines with slips in them.
        slips: The share of the longer words of such a line that are mistyped.
        follow_share: The share of full questions that stand after another question.
    """

    drawn: int = 1500
    copies: int = 6
    typo_share: float = 0.35
    slips: float = 0.3
    follow_share: float = 0.35
    epoch: int = 5
    lr: float = 0.5
    dim: int = 50
    bucket: int = 50_000
    word_ngrams: int = 3
    minn: int = 3
    maxn: int = 6
    threads: int = 2


QUICK = Recipe()
"""Under 200,000 lines, fitted at a first start and in the tests."""


def ensure_quick(registry: Registry, data_dir: Path, progress: Progress) -> str:
    """Fit the quick model unless one of the same inputs is there; let it serve where none does.

    Args:
        registry: Where it is published.
        data_dir: The repository's ``data``.
        progress: Told what happens.

    Returns:
        The content hash of the quick model.
    """
    key = _key(data_dir, QUICK)
    keys_file = registry.root / _KIND / _KEYS
    known: dict[str, str] = json.loads(keys_file.read_text()) if keys_file.exists() else {}
    name = known.get(key)
    if name is None or not (registry.root / _KIND / name).is_dir():
        progress("fitting the quick intent model")
        name = train(registry, data_dir, QUICK)
        keys_file.write_text(json.dumps({**known, key: name}))
    serving = registry.pointer(_KIND).current
    # A model that somebody released stays; a quick one of older inputs gives way.
    if serving is None or (serving != name and serving in known.values()):
        registry.switch(_KIND, name)
    return name


def _key(data_dir: Path, recipe: Recipe) -> str:
    """A hash of everything that the quick model is made from."""
    root = Path(__file__).parent.parent
    sources = [*data_dir.glob("intents/*.yml"), *data_dir.glob("messages/*.jsonl")]
    sources += data_dir.glob("golden/*.jsonl")
    code = ("jobs", "regex_bootstrap")
    sources += [file for folder in code for file in (root / folder).glob("*.py")]
    sources += [root / "nlu" / name for name in ("normalise.py", "texting.py", "intents.py")]
    digest = hashlib.sha256(json.dumps(asdict(recipe), sort_keys=True).encode())
    for file in sorted(sources):
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def train(registry: Registry, data_dir: Path, recipe: Recipe) -> str:
    """Label, augment, fit, calibrate on the golden part for tuning, publish.

    Returns:
        The published model's content hash. It does not serve before it is switched to.
    """
    rng = random.Random(_SEED)  # noqa: S311 - draws training lines
    catalog = read_catalog(data_dir / "intents")
    messages = read_messages(data_dir / "messages")
    teacher = Teacher.of(catalog).learn(message.normal for message in messages)
    golden = [row for row in read_golden(data_dir / "golden") if row.part == "tune"]
    with tempfile.TemporaryDirectory() as scratch:
        drawn = list(_lines(catalog, teacher, messages, recipe, rng))
        rng.shuffle(drawn)  # stochastic descent forgets what it saw first: 52 % instead of 91 %
        lines = Path(scratch) / "lines.txt"
        lines.write_text("".join(drawn), encoding="utf-8")
        folder = Path(scratch) / "model"
        folder.mkdir()
        _fit(lines, recipe).save_model(str(folder / MODEL))
        settings = _calibrated(folder, golden)
        (folder / SETTINGS).write_text(json.dumps(asdict(settings)))
        return registry.publish(_KIND, folder)


def _fit(lines: Path, recipe: Recipe) -> "fasttext.FastText._FastText":
    return fasttext.train_supervised(
        str(lines), lr=recipe.lr, epoch=recipe.epoch, dim=recipe.dim, bucket=recipe.bucket,
        wordNgrams=recipe.word_ngrams, minn=recipe.minn, maxn=recipe.maxn, minCount=2,
        loss="ova", thread=recipe.threads, verbose=0,
    )  # fmt: skip


def _calibrated(folder: Path, golden: Sequence[Golden]) -> Settings:
    (folder / SETTINGS).write_text(json.dumps(asdict(Settings())))
    model = IntentModel.load(folder)
    return fit_settings(model, golden)


def _lines(
    catalog: Catalog,
    teacher: Teacher,
    messages: Sequence[Message],
    recipe: Recipe,
    rng: random.Random,
) -> Iterator[str]:
    for intent in catalog.intents.values():
        for text in _drawn(intent, catalog, recipe, rng):
            yield from _line(intent.name, text, None, recipe, rng)
    for message in messages:
        label = teacher.label(message.normal)
        if label.intent is not None:
            for _ in range(recipe.copies):
                yield from _line(label.intent, message.text, message.turn > 1, recipe, rng)


def _drawn(intent: Intent, catalog: Catalog, recipe: Recipe, rng: random.Random) -> Iterator[str]:
    for _ in range(recipe.copies):
        yield from intent.examples
    if intent.templates:
        # Templates that can say more are drawn more often; a root keeps the short ones heard.
        weights = [len(template) ** 0.5 for template in intent.templates]
        count = recipe.drawn * (3 if intent.name == OUT else 1)
        for template in rng.choices(intent.templates, weights, k=count):
            yield augment.draw(template, catalog.values, rng)


def _line(
    intent: str, text: str, follows: bool | None, recipe: Recipe, rng: random.Random
) -> Iterator[str]:
    """A training line; whether it stands after a question is drawn where it is not known."""
    if rng.random() < recipe.typo_share:
        text = augment.mistype(text, recipe.slips, rng)
    normal = normalise(text)
    if not normal:
        return
    if follows is None:
        share = 0.8 if intent in FOLLOWUPS else recipe.follow_share
        follows = rng.random() < share
    yield f"__label__{intent} {FOLLOWING if follows else OPENING} {normal}\n"
