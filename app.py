"""Serve PoetBot in the browser. `python app.py --help` says how; an installed PoetBot does the same with `poetbot app`."""

import sys

from poetbot.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["app", *sys.argv[1:]]))
