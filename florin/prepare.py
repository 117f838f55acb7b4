"""What a first start makes and a second finds: folders, database, models, demo people."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from florin import engine
from florin.errors import StepFailedError, UnwritableHomeError
from florin.settings import ROOT, Settings

Progress = Callable[[str], None]
_TAIL = 600


def folders(settings: Settings) -> None:
    """Make the data folders.

    Raises:
        UnwritableHomeError: The data folder cannot be made or written.
    """
    try:
        for folder in (
            settings.home, settings.run_dir, settings.logs_dir, settings.uploads_dir,
            settings.registry_dir, settings.engine_models_dir,
        ):  # fmt: skip
            folder.mkdir(parents=True, exist_ok=True)
        settings.home.chmod(0o700)  # messages, money and keys lie below
        probe = settings.home / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UnwritableHomeError(
            f"The data folder {settings.home} cannot be written ({error.strerror}); "
            f"set FLORIN_HOME to one that can."
        ) from error


def _in_child(settings: Settings, progress: Progress) -> None:
    """Run the steps in a process of their own: what they import and fit ends with it."""
    child = subprocess.Popen(
        [sys.executable, "-m", "florin.steps"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=engine.child_environment(
            {"FLORIN_HOME": str(settings.home.resolve()), "FLORIN_DATABASE": settings.database_url}
        ),
    )  # fmt: skip
    try:
        if child.stdout is not None:
            for line in child.stdout:
                progress(line.rstrip())
        _, complaint = child.communicate()
    finally:
        child.kill()
    if child.returncode != 0:
        last = complaint.strip().splitlines()[-1:] or ["it ended without a word"]
        raise StepFailedError(f"Florin could not be prepared: {last[0]}")


def everything(settings: Settings, progress: Progress) -> Path:
    """Bring all that the services need into place; what is there already is reused.

    Returns:
        The dialogue engine's trained model.

    Raises:
        FlorinError: A step failed; its sentence says which and why.
    """
    begun = time.monotonic()
    engine.ensure_environment(settings, progress)
    progress(f"dialogue engine environment ready ({time.monotonic() - begun:.1f} s)")
    begun = time.monotonic()
    model = engine.ensure_model(settings, progress)
    progress(f"dialogue rules ready ({time.monotonic() - begun:.1f} s)")
    _in_child(settings, progress)
    return model
