"""Requests to stop: noticed at once, carried out when the step is finished."""

import contextlib
import os
import signal
import threading
from types import FrameType
from typing import Any


class Stopping:
    """Notices SIGINT and SIGTERM, so that the step is finished and saved before the process ends.

    A second SIGINT interrupts at once, which loses no more than any kill.
    """

    requested = False
    signal: int | None = None  # the first one

    def __enter__(self) -> "Stopping":
        self._before: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():  # elsewhere Python handles no signals
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._ask)
        return self

    def _ask(self, number: int, _: FrameType | None) -> None:
        if self.requested and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.signal = self.signal or number
        self.requested = True

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def stop_when_input_ends() -> None:
    """Stop this process, as SIGTERM does, when its standard input ends.

    The process that started this one holds the other end of that pipe, and the system closes it however that process
    ends. A run finishes its step and saves; a process with nothing to save ends at once.
    """

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()
