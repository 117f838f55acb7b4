"""Starts Rasa as the dialogue engine: takes the same arguments as the `rasa` command."""
import os
import sys
import warnings

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import without_tensorflow  # noqa: E402

without_tensorflow.install()

import sanic.app  # noqa: E402, F401  (it shows DeprecationWarnings; ours must be set after it)

warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", module="matplotlib")

from rasa.__main__ import main  # noqa: E402

import private_log  # noqa: E402
import quicker  # noqa: E402

if __name__ == "__main__":
    private_log.install()
    quicker.install()
    main()
