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
from jobs.history import read_messages
from jobs.noise import vary
from jobs.taught import Cleaner, Labelled, Taught, by_hand, by_student, by_teacher, history
from nlu.intents import MODEL, SETTINGS, TEACHER, WORDS, IntentModel, Settings
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
    "taught.py",
    "hand_labels.py",
    "label.py",
    "names.py",
    "redaction.py",
)


@dataclass(frozen=True)
class Recipe:
    """How large a training set is made, and how it is fitted.

    Attributes:
        drawn: Lines drawn from the templates.
        copies: Copies of each message of the history, each varied anew.
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
FIRST = Recipe(drawn=60_000, copies=2, epoch=8, seed=71)
"""The first student, which reads the history for the others to learn from."""
_FIRST_DOUBT = 1.5
"""Temperature of a first student: that of the quick model."""
RELEASE = Recipe(drawn=1_870_000, copies=24, epoch=3, min_count=20, threads=2)
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
    # Processes that start together wait for one fit.
    with registry.alone(_KIND):
        return _ensured(registry, data_dir, progress)


def _ensured(registry: Registry, data_dir: Path, progress: Progress) -> str:
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
    sources += [
        root / "nlu" / name
        for name in ("normalise.py", "texting.py", "intents.py", "spelling.py", "words.py")
    ]
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
        folder, file = Path(scratch) / "model", Path(scratch) / "lines.txt"
        folder.mkdir()
        write_words(folder / WORDS, data_dir)
        messages = history(data_dir)
        taught = [*sure(folder / WORDS, messages, data_dir), *by_hand(data_dir)]
        count = write_lines(file, folder / WORDS, taught, data_dir, recipe)
        progress(f"fitting {count} lines")
        fit(file, recipe).save_model(str(folder / MODEL))
        calibrate(folder, golden)
        teach(data_dir).write(folder / TEACHER)
        return registry.publish(_KIND, folder)


def write_words(file: Path, data_dir: Path) -> None:
    """Write the words that templates use, which are what misspelt words are mended to."""
    file.write_text(json.dumps(lines.vocabulary(data_dir / "intents")))


def sure(words: Path, messages: Sequence[Labelled], data_dir: Path) -> list[Taught]:
    """What a first student, fitted on few lines and on the labels that there are, is sure of.

    Args:
        words: As ``write_words`` wrote them.
        messages: The history with the teacher's labels.
        data_dir: The repository's ``data``.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder, file = Path(scratch), Path(scratch) / "lines.txt"
        rows = [*by_teacher(messages), *by_hand(data_dir)]
        write_lines(file, words, rows, data_dir, FIRST)
        fit(file, FIRST).save_model(str(folder / MODEL))
        (folder / SETTINGS).write_text(json.dumps(asdict(Settings(temperature=_FIRST_DOUBT))))
        (folder / WORDS).write_bytes(words.read_bytes())
        return list(by_student(IntentModel.load(folder), messages))


def write_lines(
    file: Path, words: Path, taught: Sequence[Taught], data_dir: Path, recipe: Recipe
) -> int:
    """Write the training lines, mixed, and return how many there are.

    Each block holds all intents; the lines of the history are spread over the blocks, since
    descent forgets what it saw first.
    """
    rng = random.Random(recipe.seed)  # noqa: S311 - draws training lines
    said = said_lines(words, taught, data_dir, recipe.copies, rng)
    rng.shuffle(said)
    blocks = -(-recipe.drawn // lines.BLOCK)
    count = 0
    with file.open("w", encoding="utf-8") as stream:
        drawn = lines.drawn(
            data_dir / "intents", recipe.drawn, recipe.seed * _SEEDS, recipe.workers
        )
        for number, block in enumerate(drawn):
            mixed = block + said[number::blocks]
            rng.shuffle(mixed)
            stream.writelines(mixed)
            count += len(mixed)
    return count


def said_lines(
    words: Path, taught: Sequence[Taught], data_dir: Path, copies: int, rng: random.Random
) -> list[str]:
    """The lines of the history.

    Args:
        words: As ``write_words`` wrote them.
        taught: Messages with their intents.
        data_dir: The repository's ``data``.
        copies: Lines of each message, all but the first varied.
        rng: Where chance comes from.
    """
    names = read_catalog(data_dir / "intents").values["name"]
    cleaner = Cleaner(json.loads(words.read_text()), names)
    return [line for row in taught for line in _copies(row, cleaner, copies, rng)]


def _copies(row: Taught, cleaner: Cleaner, count: int, rng: random.Random) -> Iterator[str]:
    """A message as it was, mended, and as other people would have written it."""
    text = cleaner.clean(row.text, rng)
    for number in range(count):
        said = vary(text, rng) if number else text
        line = lines.line_of(row.intent, said, lines.context(row.intent, rng))
        if line:
            yield line


def teach(data_dir: Path) -> Teacher:
    """The teacher, with what it learnt of its patterns from the history without labels."""
    normals = (message.normal for message in read_messages(data_dir / "messages"))
    return Teacher.of(read_catalog(data_dir / "intents")).learn(normals)


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
