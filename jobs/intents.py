"""The student's training: templates and the teacher's labels, augmented, into a fastText model."""

import hashlib
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import fasttext

from jobs import lines
from jobs.calibration import fit_layers, fit_settings
from jobs.golden import Golden, read_golden
from jobs.hand_labels import labelled_forms, read_labels
from jobs.history import Message, read_messages
from jobs.noise import vary
from nlu.intents import MODEL, SETTINGS, TEACHER, IntentModel, Settings
from nlu.layers import LAYERED
from nlu.second import load_second
from regex_bootstrap.catalog import read_catalog
from regex_bootstrap.vote import Teacher
from registry import Registry

Progress = Callable[[str], None]
_KIND = "intents"
_KEYS = "quick.json"
_SEEDS = 100_000
"""Blocks have seeds of their own; two recipes' blocks never share one."""
_CODE = (
    "intents.py",
    "lines.py",
    "noise.py",
    "templates.py",
    "data/noise.yml",
    "calibration.py",
    "history.py",
    "hand_labels.py",
)


@dataclass(frozen=True)
class Recipe:
    """How large a training set is made, and how it is fitted.

    Attributes:
        drawn: Lines drawn from the templates.
        copies: Copies of each message that the teacher labelled, each varied anew.
        workers: Processes that draw; they draw the same lines as one would.
        threads: Threads that fit; one gives the same model each time, more are a race.
    """

    drawn: int = 190_000
    copies: int = 2
    epoch: int = 8
    lr: float = 0.5
    dim: int = 50
    bucket: int = 60_000
    word_ngrams: int = 3
    minn: int = 3
    maxn: int = 6
    min_count: int = 3
    workers: int = 2
    threads: int = 1
    seed: int = 17


QUICK = Recipe()
"""Under 200,000 lines, fitted at a first start and in the tests."""
RELEASE = Recipe(drawn=1_960_000, copies=8, epoch=3, min_count=20, threads=2)
"""2,000,000 lines, fitted for a release."""


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
        name = train(registry, data_dir, QUICK, progress)
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
    sources += data_dir.glob("labelled/*.jsonl")
    sources += data_dir.glob("golden/*.jsonl")
    sources += [Path(__file__).parent / name for name in _CODE]
    sources += [*(root / "regex_bootstrap").glob("*.py"), *(root / "knowledge/data").glob("merch*")]
    sources += (root / "encoder" / "data").glob("*.*")
    sources += [root / "nlu" / name for name in ("normalise.py", "texting.py", "intents.py")]
    digest = hashlib.sha256(json.dumps(asdict(recipe), sort_keys=True).encode())
    for file in sorted(sources):
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def train(registry: Registry, data_dir: Path, recipe: Recipe, progress: Progress) -> str:
    """Label, augment, fit, calibrate on the golden part for tuning, publish.

    Returns:
        The published model's content hash. It does not serve before it is switched to.
    """
    golden = [row for row in read_golden(data_dir / "golden") if row.part == "tune"]
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "lines.txt"
        count = write_lines(file, data_dir, recipe)
        progress(f"fitting {count} lines")
        folder = Path(scratch) / "model"
        folder.mkdir()
        fit(file, recipe).save_model(str(folder / MODEL))
        calibrate(folder, golden)
        teach(data_dir).write(folder / TEACHER)
        return registry.publish(_KIND, folder)


def write_lines(file: Path, data_dir: Path, recipe: Recipe) -> int:
    """Write the training lines, mixed, and return how many there are.

    Each block holds all intents; the teacher's lines are spread over the blocks, since descent
    forgets what it saw first.
    """
    rng = random.Random(recipe.seed)  # noqa: S311 - draws training lines
    taught = list(labelled(data_dir, recipe, rng))
    rng.shuffle(taught)
    blocks = -(-recipe.drawn // lines.BLOCK)
    count = 0
    with file.open("w", encoding="utf-8") as stream:
        drawn = lines.drawn(
            data_dir / "intents", recipe.drawn, recipe.seed * _SEEDS, recipe.workers
        )
        for number, block in enumerate(drawn):
            mixed = block + taught[number::blocks]
            rng.shuffle(mixed)
            stream.writelines(mixed)
            count += len(mixed)
    return count


def labelled(data_dir: Path, recipe: Recipe, rng: random.Random) -> Iterator[str]:
    """Lines of hand labels, and of the rest of the history where the teacher is certain."""
    yield from _by_hand(data_dir, recipe, rng)
    known = labelled_forms(data_dir)
    messages = read_messages(data_dir / "messages")
    teacher = teach(data_dir)
    for message in messages:
        label = teacher.label(message.normal)
        if label.intent is not None and message.normal not in known:
            yield from _copies(message, label.intent, recipe.copies, rng)


def teach(data_dir: Path) -> Teacher:
    """The teacher, with what it learnt of its patterns from the history without labels."""
    normals = (message.normal for message in read_messages(data_dir / "messages"))
    return Teacher.of(read_catalog(data_dir / "intents")).learn(normals)


def _by_hand(data_dir: Path, recipe: Recipe, rng: random.Random) -> Iterator[str]:
    """Lines of the disagreement queue that somebody labelled, twice the copies of the teacher's."""
    for label in read_labels(data_dir):
        message = Message("", 1, label.text, "")
        yield from _copies(message, label.intent, 2 * recipe.copies, rng)


def _copies(message: Message, intent: str, count: int, rng: random.Random) -> Iterator[str]:
    for number in range(count):
        text = vary(message.text.lower(), rng) if number else message.text
        line = lines.line_of(intent, text, lines.context(intent, rng))
        if line:
            yield line


def fit(file: Path, recipe: Recipe) -> "fasttext.FastText._FastText":
    """Fit a fastText classifier, one against all."""
    return fasttext.train_supervised(
        str(file), lr=recipe.lr, epoch=recipe.epoch, dim=recipe.dim, bucket=recipe.bucket,
        wordNgrams=recipe.word_ngrams, minn=recipe.minn, maxn=recipe.maxn,
        minCount=recipe.min_count, loss="ova", thread=recipe.threads, verbose=0,
    )  # fmt: skip


def calibrate(folder: Path, golden: Sequence[Golden]) -> None:
    """Write the settings beside the model: the student's own, and those with a second layer."""
    (folder / SETTINGS).write_text(json.dumps(asdict(Settings())))
    settings = fit_settings(IntentModel.load(folder), golden)
    (folder / SETTINGS).write_text(json.dumps(asdict(settings)))
    second = load_second()
    both = fit_layers(IntentModel.load(folder), second, golden) if second else None
    if both is not None:
        (folder / LAYERED).write_text(json.dumps(asdict(both)))
