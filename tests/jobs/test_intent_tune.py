from pathlib import Path

import pytest

from jobs.errors import StudyError
from jobs.intent_tune import Limits, tune
from ledger.database import migrate


def test_a_study_wants_a_database_of_its_own(tmp_path: Path, data_folder: Path) -> None:
    ledger = f"sqlite:///{tmp_path / 'florin.db'}"
    migrate(ledger)
    with pytest.raises(StudyError, match="a database of its own"):
        tune(data_folder, tmp_path, ledger, Limits(), lambda _: None)


def test_a_database_that_nobody_reaches_is_said(tmp_path: Path, data_folder: Path) -> None:
    nowhere = f"sqlite:///{tmp_path / 'no' / 'study.db'}"
    with pytest.raises(StudyError, match="cannot be reached"):
        tune(data_folder, tmp_path, nowhere, Limits(), lambda _: None)
