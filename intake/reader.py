"""The process that reads one file from standard input (`python -m intake.reader`).

It holds no key, no database and no network address; what it can take is limited before it reads.
"""

import resource
import sys

import orjson

from intake import spool
from ledger.errors import HostileFileError, ImportRefusedError
from ledger.imports.choices import Choices, ImportQuestion
from ledger.imports.limits import MAX_BYTES
from ledger.imports.reading import read_file


def limit(memory_mb: int, cpu_s: int) -> None:
    """Limit this process's memory and time for good."""
    size = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read the file and write its rows, a question or a refusal."""
    memory_mb, cpu_s, chosen = int(sys.argv[1]), int(sys.argv[2]), orjson.loads(sys.argv[3])
    limit(memory_mb, cpu_s)
    out = sys.stdout.buffer
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        spool.write_parsed(out, read_file(data, Choices(**chosen)))
    except ImportQuestion as question:
        spool.write_question(out, question)
    except ImportRefusedError as error:
        spool.write_refusal(out, error)
    except MemoryError:
        spool.write_refusal(
            out, HostileFileError("The file needs more memory than any bank file; it is refused.")
        )
    out.flush()


if __name__ == "__main__":
    main()
