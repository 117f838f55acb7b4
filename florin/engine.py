"""The dialogue engine's environment and model: built once, keyed by the hash of their sources."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from florin.errors import MissingPythonError, StepFailedError
from florin.settings import Settings

PYTHON = "3.10"
_SOURCES = ("config.yml", "domain.yml", "data/rules.yml", "pyproject.toml")
_OURS = ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_PROJECT")
"""What `uv run` sets for the modern environment and must not reach the engine's."""
_TAIL = 400
"""How much of a failed command's last words is worth showing."""


def interpreter(engine_dir: Path) -> Path:
    """The engine environment's Python."""
    return engine_dir / ".venv" / "bin" / "python"


def child_environment(extra: dict[str, str]) -> dict[str, str]:
    """What a child process may know: the machine's basics and what it is given, no secrets.

    Byte code is always written: the engine imports in 3 seconds with it, in 15 without.
    """
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "PYENV_ROOT")
    passed = {name: os.environ[name] for name in kept if name in os.environ}
    passed |= {k: v for k, v in os.environ.items() if k.startswith(("OPENBLAS_", "OMP_"))}
    return passed | extra


def _uv() -> str:
    found = os.environ.get("UV") or shutil.which("uv")
    if not found:
        raise StepFailedError("uv was not found; start Florin with `uv run florin up`.")
    return found


def _local_python(engine_dir: Path) -> str | None:
    """A Python 3.10 of this machine, pyenv's included, before anything is downloaded."""
    asked = subprocess.run(  # noqa: S603 - uv's own path and fixed arguments
        [_uv(), "python", "find", "--system", "--no-python-downloads", PYTHON],
        cwd=engine_dir, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if asked.returncode == 0:
        return asked.stdout.strip()
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = sorted(root.glob(f"{PYTHON}*/bin/python{PYTHON}"))
    return str(found[-1]) if found else None


def _digest(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def ensure_environment(settings: Settings, progress: Callable[[str], None]) -> None:
    """Install the engine's environment unless it is the one that its sources name.

    Raises:
        MissingPythonError: There is no Python 3.10 and none can be downloaded.
        StepFailedError: The packages could not be installed.
    """
    folder = settings.engine_dir
    stamp = folder / ".venv" / "installed"
    wanted = _digest([folder / "pyproject.toml"])
    if stamp.exists() and stamp.read_text() == wanted and interpreter(folder).exists():
        return
    python = _local_python(folder)
    progress(f"installing Rasa for {python or f'Python {PYTHON}'}")
    command = [_uv(), "sync", "--compile-bytecode", "--quiet", "--python", python or PYTHON]
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, capture_output=True, text=True, check=False,
        env={name: value for name, value in os.environ.items() if name not in _OURS},
    )  # fmt: skip
    if done.returncode != 0 and python is None:
        raise MissingPythonError(
            f"The dialogue engine needs Python {PYTHON} and none could be found or downloaded; "
            f"install one (for example `uv python install {PYTHON}`) and start again."
        )
    if done.returncode != 0:
        raise StepFailedError(
            f"The dialogue engine's packages could not be installed: {done.stderr.strip()[-_TAIL:]}"
        )
    stamp.write_text(wanted)


def ensure_model(settings: Settings, progress: Callable[[str], None]) -> Path:
    """Train the dialogue engine unless its sources are those of a model at hand.

    Raises:
        StepFailedError: Rasa refused the rules or the domain.
    """
    folder = settings.engine_dir
    name = _digest([folder / source for source in _SOURCES])
    model = settings.engine_models_dir / f"{name}.tar.gz"
    if model.exists():
        return model
    progress("training the rules")
    draft = settings.engine_models_dir / "draft"
    command = [
        str(interpreter(folder)), "serve.py", "train", "--domain", "domain.yml",
        "--config", "config.yml", "--data", "data", "--out", str(draft.resolve()),
        "--fixed-model-name", name,
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, capture_output=True, text=True, check=False,
        env=child_environment({}),
    )  # fmt: skip
    if done.returncode != 0:
        raise StepFailedError(
            f"The dialogue engine could not be trained: {done.stderr.strip()[-_TAIL:]}"
        )
    (draft / model.name).replace(model)
    shutil.rmtree(draft, ignore_errors=True)
    return model


if __name__ == "__main__":
    ensure_environment(Settings(), print)
