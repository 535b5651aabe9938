"""Jobs from outside: real processes, with a small script for the worker where training is not what is asked about."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from poetbot.errors import PoetBotError
from poetbot.home import Home
from poetbot.jobs import locks
from poetbot.jobs.ending import discard, keep, settle
from poetbot.jobs.job import Job, State, find, jobs
from poetbot.jobs.order import Order
from poetbot.jobs.progress import latest
from poetbot.jobs.queue import place, running
from poetbot.jobs.starting import resume, start, stop
from poetbot.poets.folder import load, poet_folders

ROOT = Path(__file__).resolve().parents[2]
Script = Callable[[str], list[str]]

from importlib.util import module_from_spec, spec_from_file_location  # noqa: E402

spec = spec_from_file_location("jobs_conftest", Path(__file__).with_name("conftest.py"))
assert spec and spec.loader
_shared = module_from_spec(spec)
spec.loader.exec_module(_shared)
POEMS, until, log_of = _shared.POEMS, _shared.until, _shared.log_of
