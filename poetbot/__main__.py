"""The command `poetbot`, which is also `python -m poetbot`. Without a command it serves the page and opens a browser."""

import os
import sys
from collections.abc import Sequence

# Read by NumPy when it is imported. A poet's matrices are small: a second thread gains little when the machine is
# idle, and on a busy one it costs ten times the speed (measured: 1,800 characters a second with one thread, 40 to 260
# with two), because both spin while one waits for a processor. TensorFlow has threads of its own.
for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(name, "1")

from poetbot.cli.main import main as run  # noqa: E402 - not before the threads are set

SERVERS = {"app": "poetbot.web.serve", "mcp": "poetbot.mcp_server"}
"""The commands that aren't part of `poetbot.cli`, and their modules."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, by default that of this process, and return its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    return run(given or ["app", "--open"], SERVERS)


if __name__ == "__main__":
    sys.exit(main())
