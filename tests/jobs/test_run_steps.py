import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from jobs.errors import RunBusyError, StepFailedError, StepsError
from jobs.steps import Output, Step, Work, run_steps

CALLS: list[str] = []


def upper(work: Work) -> None:
    CALLS.append("upper")
    text = work.inputs["text"].read_text() + work.parameters.get("end", "")
    work.outputs["upper.txt"].write_text(text.upper())


def double(work: Work) -> None:
    CALLS.append("double")
    work.outputs["double.txt"].write_text(work.inputs["upper"].read_text() * 2)


def breaks(work: Work) -> None:
    work.outputs["upper.txt"].write_text("half")
    raise OSError(28, "No space left on device")


def forgets(work: Work) -> None:
    CALLS.append("forgets")


@pytest.fixture(autouse=True)
def _no_calls():
    CALLS.clear()


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.txt"
    path.write_text("abc")
    return path


def steps(source: Path, end: str = "") -> list[Step]:
    return [
        Step("upper", upper, {"text": source}, ("upper.txt",), {"end": end}),
        Step("double", double, {"upper": Output("upper", "upper.txt")}, ("double.txt",)),
    ]


def quiet(_line: str) -> None:
    pass


def test_outputs_follow_from_inputs_and_the_manifest_tells_how(tmp_path, source):
    run = run_steps(tmp_path / "root", "one", steps(source, "d"), quiet)
    assert run.path("double", "double.txt").read_text() == "ABCDABCD"
    manifest = json.loads((run.folder / "manifest.json").read_text())
    assert manifest["state"] == "done"
    assert [step["name"] for step in manifest["steps"]] == ["upper", "double"]
    assert manifest["steps"][0]["parameters"] == {"end": "d"}
    assert len(manifest["steps"][0]["inputs"]["text"]) == 64
    assert len(manifest["steps"][1]["outputs"]["double.txt"]) == 64


def test_unchanged_steps_are_not_run_again_even_by_another_run(tmp_path, source):
    lines: list[str] = []
    run_steps(tmp_path / "root", "one", steps(source), quiet)
    again = run_steps(tmp_path / "root", "two", steps(source), lines.append)
    assert CALLS == ["upper", "double"]
    assert lines == ["upper: unchanged", "double: unchanged"]
    assert again.folder.name == "two"
    assert all(step["reused"] for step in again.manifest["steps"])


def test_a_changed_input_or_parameter_runs_what_depends_on_it(tmp_path, source):
    run_steps(tmp_path / "root", "one", steps(source), quiet)
    run_steps(tmp_path / "root", "one", steps(source, "d"), quiet)
    source.write_text("abcd")
    run = run_steps(tmp_path / "root", "one", steps(source), quiet)
    # The third run's first step makes what the second's made, so its second step is known.
    assert CALLS == ["upper", "double", "upper", "double", "upper"]
    assert run.path("double", "double.txt").read_text() == "ABCDABCD"


def test_a_folder_is_an_input_and_each_of_its_files_counts(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").write_text("1")
    step = Step("lists", _lists, {"folder": folder}, ("list.txt",))
    first = run_steps(tmp_path / "root", "one", [step], quiet).path("lists", "list.txt")
    (folder / "b").write_text("2")
    second = run_steps(tmp_path / "root", "one", [step], quiet).path("lists", "list.txt")
    assert (first.read_text(), second.read_text()) == ("a", "a b")


def _lists(work: Work) -> None:
    names = sorted(path.name for path in work.inputs["folder"].iterdir())
    work.outputs["list.txt"].write_text(" ".join(names))


def test_a_tampered_output_is_made_anew(tmp_path, source):
    run = run_steps(tmp_path / "root", "one", steps(source), quiet)
    run.path("upper", "upper.txt").write_text("EVIL")
    run = run_steps(tmp_path / "root", "one", steps(source), quiet)
    assert run.path("upper", "upper.txt").read_text() == "ABC"
    assert CALLS == ["upper", "double", "upper"]


def test_a_failing_step_leaves_nothing_and_says_what_to_do(tmp_path, source):
    broken = Step("upper", breaks, {"text": source}, ("upper.txt",))
    with pytest.raises(StepFailedError, match=r"Step upper failed: .*free some space"):
        run_steps(tmp_path / "root", "one", [broken], quiet)
    assert list((tmp_path / "root" / "steps").iterdir()) == []
    manifest = json.loads((tmp_path / "root" / "runs" / "one" / "manifest.json").read_text())
    assert (manifest["state"], manifest["failed"]) == ("failed", "upper")
    run = run_steps(tmp_path / "root", "one", steps(source), quiet)
    assert run.manifest["state"] == "done"


def test_a_step_that_leaves_out_an_output_failed(tmp_path, source):
    with pytest.raises(StepFailedError, match=r"upper\.txt"):
        run_steps(tmp_path / "r", "one", [Step("x", forgets, {}, ("upper.txt",))], quiet)


def test_steps_that_do_not_fit_together_are_refused(tmp_path, source):
    lonely = steps(source)[1]
    with pytest.raises(StepsError, match="no earlier step"):
        run_steps(tmp_path / "r", "one", [lonely], quiet)
    with pytest.raises(StepsError, match="twice"):
        run_steps(tmp_path / "r", "one", [steps(source)[0]] * 2, quiet)
    source.unlink()
    with pytest.raises(StepsError, match="cannot be read"):
        run_steps(tmp_path / "r", "one", steps(source), quiet)


def test_two_runs_below_one_root_do_not_mix(tmp_path, source):
    (tmp_path / "r").mkdir()
    with FileLock(tmp_path / "r" / ".lock"), pytest.raises(RunBusyError, match="wait"):
        run_steps(tmp_path / "r", "one", steps(source), quiet)


KILLED = """
import sys, time
from pathlib import Path
from jobs.steps import Output, Step, run_steps

def first(work):
    work.outputs["a"].write_text("whole")

def second(work):
    with work.outputs["b"].open("w") as file:
        file.write("half")
        file.flush()
        print("writing", flush=True)
        if sys.argv[2] == "hang":
            time.sleep(60)
        file.write("whole")

steps = [
    Step("first", first, {}, ("a",)),
    Step("second", second, {"a": Output("first", "a")}, ("b",)),
]
print(run_steps(Path(sys.argv[1]), "one", steps, print).path("second", "b").read_text())
"""


def test_a_kill_in_the_middle_leaves_no_half_and_the_run_goes_on(tmp_path):
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    root = tmp_path / "root"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    def start(how: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(script), str(root), how]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    process = start("hang")
    assert process.stdout is not None
    while "writing" not in process.stdout.readline():
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    finished = [path.name for path in (root / "steps").iterdir() if path.name[0] != "."]
    assert [name.split("-")[0] for name in finished] == ["first"]
    output, _ = start("go on").communicate(timeout=30)
    assert "first: unchanged" in output
    assert output.rstrip().endswith("halfwhole")
    assert not list((root / "steps").glob(".partial*"))
