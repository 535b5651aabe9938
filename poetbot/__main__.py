"""The command line: `python -m poetbot COMMAND …`."""

import sys

from poetbot.commands import main

if __name__ == "__main__":
    sys.exit(main())
