"""`florin up` says in one sentence what is in its way, and leaves nothing running."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from florin import engine
from florin.errors import MissingPythonError


def _up(home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from florin.cli import main; main()", "up"],
        env={**os.environ, "FLORIN_HOME": str(home), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _up(tmp_path / "home", FLORIN_PORT=str(port))
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"Port {port} on 127.0.0.1 is in use; stop the other program or set FLORIN_PORT."
    )


def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    # A file where the folder should be: unlike missing permissions it also stops root.
    (tmp_path / "file").write_text("")
    done = _up(tmp_path / "file" / "home", FLORIN_PORT="0")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_missing_python_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\nexit 1\n")
    uv.chmod(0o755)
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "pyproject.toml").write_text("")
    monkeypatch.setenv("UV", str(uv))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "none"))
    settings = _Settings(tmp_path / "engine")
    with pytest.raises(MissingPythonError, match=r"needs Python 3\.10"):
        engine.ensure_environment(settings, print)  # type: ignore[arg-type]


class _Settings:
    def __init__(self, engine_dir: Path) -> None:
        self.engine_dir = engine_dir
