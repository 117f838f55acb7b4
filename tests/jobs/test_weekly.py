"""The schedule of the week's run; `tests/long` runs one."""

import shlex
from pathlib import Path

from typer.testing import CliRunner

from florin.cli import app

SCHEDULE = Path(__file__).parents[2] / "jobs" / "data" / "weekly.cron"


def test_the_schedule_names_a_command_and_a_weekly_time() -> None:
    (entry,) = [line for line in SCHEDULE.read_text().splitlines() if line[:1] not in ("", "#")]
    minute, hour, day, month, weekday, command = entry.split(maxsplit=5)
    assert (day, month) == ("*", "*")
    assert 0 <= int(minute) < 60 > int(hour)
    assert 0 <= int(weekday) <= 7
    words = shlex.split(command)
    arguments = words[words.index("florin") + 1 : words.index(">>")]
    assert CliRunner().invoke(app, [*arguments, "--help"]).exit_code == 0
