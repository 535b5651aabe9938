"""The command line: `python -m poetbot COMMAND …`."""

import os
import sys

# Read by numpy when it is imported, as in app.py: a second thread gains little where a poet's small matrices are
# multiplied, and on a busy machine it costs ten times the speed (measured: 1,800 characters a second with one thread,
# 40 to 260 with two), because both spin while one waits for a processor. TensorFlow has threads of its own.
for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(name, "1")

from poetbot.cli import main  # noqa: E402 - not before the threads are set

if __name__ == "__main__":
    sys.exit(main())
