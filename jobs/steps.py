"""A run of declared steps: what is unchanged is not done again, what breaks off leaves no half.

A step names its inputs (files, folders, outputs of earlier steps), its outputs and its parameters.
Their hashes, with the hash of the module that does the work, are its key::

    label = Step("label", make_labels, {"messages": path}, ("labels.jsonl",), {"cap": 0.01})
    fit = Step("fit", fit, {"labels": Output("label", "labels.jsonl")}, ("model.bin",))
    run = run_steps(home / "intents", "2026-W48", [label, fit], tell=print)
    run.path("fit", "model.bin")

    def fit(work: Work) -> None:
        train(work.inputs["labels"], work.outputs["model.bin"], **work.parameters)

Below the root, ``steps/<name>-<key>`` holds the outputs of a finished step and ``runs/<id>`` is a
run's own folder with its ``manifest.json``. A step works in a folder of its own that takes its
final name by one rename once everything is written, so a kill at any moment leaves the finished
step or nothing. The same call goes on where it stopped.
"""

import errno
import hashlib
import inspect
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout

from jobs.errors import RunBusyError, StepFailedError, StepsError

Json = Any
_RECORD = "step.json"
_MANIFEST = "manifest.json"
_PARTIAL = ".partial-"


@dataclass(frozen=True)
class Output:
    """An earlier step's output as an input.

    Attributes:
        step: The step's name.
        name: The output's file name.
    """

    step: str
    name: str


@dataclass(frozen=True)
class Work:
    """What a step is handed.

    Attributes:
        inputs: Where each input lies, by the name the step gave it; not to be written to.
        outputs: Where each output must be written, by its file name.
        parameters: The step's parameters.
    """

    inputs: Mapping[str, Path]
    outputs: Mapping[str, Path]
    parameters: Mapping[str, Json]


@dataclass(frozen=True)
class Step:
    """One declared step.

    Attributes:
        name: Unique in its run; part of a folder's name.
        work: Does it; must write every output.
        inputs: Files, folders and outputs of earlier steps, by name.
        outputs: File names.
        parameters: Whatever else the outputs depend on, as JSON.
    """

    name: str
    work: Callable[[Work], None]
    inputs: Mapping[str, Path | Output] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    parameters: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """A run that has finished.

    Attributes:
        folder: The run's own folder.
        done: Where each step's outputs lie, by the step's name.
        manifest: What ``manifest.json`` says.
    """

    folder: Path
    done: Mapping[str, Path]
    manifest: Mapping[str, Json]

    def path(self, step: str, output: str) -> Path:
        """Return where an output of a step lies."""
        return self.done[step] / output


def run_steps(root: Path, run_id: str, steps: Sequence[Step], tell: Callable[[str], None]) -> Run:
    """Do the steps in order; those whose key is known and whose outputs are whole are left.

    Args:
        root: Where finished steps and runs of one kind are kept.
        run_id: Names the run; the same again goes on with it.
        steps: In an order in which each one's inputs come before it.
        tell: Is given one line per step.

    Raises:
        StepsError: A step's input is missing or is no earlier step's output.
        RunBusyError: Another process works below this root.
        StepFailedError: A step raised an error or left out an output.
    """
    _check(steps)
    folder = root / "runs" / run_id
    store = root / "steps"
    for made in (folder, store):
        made.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(root / ".lock", timeout=0):
            _sweep(store)
            return _run(folder, store, steps, tell)
    except Timeout as error:
        raise RunBusyError(f"Another run works in {root}; wait for it to end.") from error


def _run(folder: Path, store: Path, steps: Sequence[Step], tell: Callable[[str], None]) -> Run:
    done: dict[str, Path] = {}
    records: list[dict[str, Json]] = []
    manifest: dict[str, Json] = {"run": folder.name, "state": "running", "steps": records}
    for step in steps:
        record = _record(step, done)
        place = store / f"{step.name}-{record['key'][:16]}"
        begun = time.monotonic()
        kept = _finished(place)
        if kept is None:
            try:
                kept = _do(step, record, place, done)
            except BaseException:
                _save(folder / _MANIFEST, {**manifest, "state": "failed", "failed": step.name})
                raise
        done[step.name] = place
        seconds = round(time.monotonic() - begun, 3)
        reused = kept is not record
        records.append({**kept, "reused": reused, "seconds": seconds})
        _save(folder / _MANIFEST, manifest)
        tell(f"{step.name}: unchanged" if reused else f"{step.name}: done in {seconds:.1f} s")
    manifest["state"] = "done"
    _save(folder / _MANIFEST, manifest)
    return Run(folder, done, manifest)


def _check(steps: Sequence[Step]) -> None:
    known: set[Output] = set()
    for step in steps:
        for name, source in step.inputs.items():
            if isinstance(source, Output) and source not in known:
                raise StepsError(
                    f"Input {name} of step {step.name} is {source.name} of {source.step}, "
                    f"which no earlier step makes."
                )
        made = {Output(step.name, output) for output in step.outputs}
        if made & known or any(Path(output).name != output for output in step.outputs):
            raise StepsError(
                f"Step {step.name} is declared twice or its outputs are no file names."
            )
        known |= made


def _record(step: Step, done: Mapping[str, Path]) -> dict[str, Json]:
    """What decides whether a step is the same, and its key."""
    try:
        inputs = {name: hash_of(_place(source, done)) for name, source in step.inputs.items()}
    except OSError as error:
        raise StepsError(f"An input of step {step.name} cannot be read: {error}.") from error
    identity = {
        "name": step.name,
        "code": hash_of(Path(inspect.getfile(inspect.unwrap(step.work)))),
        "inputs": inputs,
        "outputs": sorted(step.outputs),
        "parameters": dict(step.parameters),
    }
    key = hashlib.sha256(orjson.dumps(identity, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return {"key": key, **identity}


def _place(source: Path | Output, done: Mapping[str, Path]) -> Path:
    return done[source.step] / source.name if isinstance(source, Output) else source


def _do(
    step: Step, record: dict[str, Json], place: Path, done: Mapping[str, Path]
) -> dict[str, Json]:
    """Do a step in a folder of its own and give that its final name."""
    partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=place.parent))
    try:
        inputs = {name: _place(source, done) for name, source in step.inputs.items()}
        outputs = {name: partial / name for name in step.outputs}
        step.work(Work(inputs, outputs, step.parameters))
        record["outputs"] = {name: hash_of(path) for name, path in outputs.items()}
        _save(partial / _RECORD, record)
        if place.exists():  # A finished step whose outputs were changed or lost since.
            shutil.rmtree(place)
        partial.rename(place)
    except Exception as error:
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        advice = "free some space and" if full else "put it right and"
        raise StepFailedError(
            f"Step {step.name} failed: {error} Finished steps are kept; {advice} run it again."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return record


def _finished(place: Path) -> dict[str, Json] | None:
    """The record of a finished step whose outputs are still what they were."""
    try:
        record: dict[str, Json] = orjson.loads((place / _RECORD).read_bytes())
        whole = all(hash_of(place / name) == told for name, told in record["outputs"].items())
    except (OSError, ValueError, LookupError):
        return None
    return record if whole else None


def _sweep(store: Path) -> None:
    """Remove what killed steps left; the lock says that nobody is at work."""
    for left in store.glob(f"{_PARTIAL}*"):
        shutil.rmtree(left, ignore_errors=True)


def _save(path: Path, value: Mapping[str, Json]) -> None:
    """Replace a JSON file by one rename."""
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(orjson.dumps(value, option=orjson.OPT_INDENT_2))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, or of a folder's relative paths and files' bytes.

    Raises:
        OSError: It is missing or unreadable.
    """
    if path.is_dir():
        digest = hashlib.sha256()
        for file in sorted(found for found in path.rglob("*") if found.is_file()):
            digest.update(f"{file.relative_to(path).as_posix()}\0{hash_of(file)}\n".encode())
        return digest.hexdigest()
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
