"""The front door: serves PoetBot in the browser. `python app.py --help` says how."""

import argparse
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poetbot.storage import Home

START = time.perf_counter()

# Read by gradio when it is imported: it calls nobody.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

# Gradio asks the app, before it is ready, whether it answers. A proxy would look for this machine at the wrong place.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"

# Read by numpy when it is imported. A poet's matrices are small: a second thread gains little when the machine is
# idle and costs ten times the speed when it is not (both threads spin while one waits for a processor).
for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(name, "1")

# Seconds after which a thread must let another go on; Python's own are 0.005. What answers the browsers is one thread
# beside the writers of a whole class, and waits so long at each of its many short steps.
MOST_AT_A_TIME = 0.001

SPACES_PORT = 7860
ON_SPACES = bool(os.environ.get("SPACE_ID")) or os.environ.get("SYSTEM") == "spaces"


def parser() -> argparse.ArgumentParser:
    """Return the command line of the app."""
    found = argparse.ArgumentParser(
        description="Serve PoetBot in your browser.",
        epilog="Example, for a class: python app.py --host 0.0.0.0 --auth-file users.txt",
    )
    found.add_argument("--host", help="where it listens (default: on this machine alone)")
    found.add_argument(
        "--port", type=int, default=SPACES_PORT if ON_SPACES else None, help="the next free one"
    )
    found.add_argument("--open", action="store_true", help="open the browser")
    found.add_argument("--poets", type=Path, help="the folder with everybody's poets (default: weights)")
    found.add_argument(
        "--language",
        metavar="en|zh",
        help="of the page at first, whatever the browser asks for (English, 简体中文)",
    )
    who = found.add_argument_group("who may come in, where --host lets others reach it")
    who.add_argument("--auth-file", type=Path, metavar="FILE", help="users: a line USER:PASSWORD for each")
    who.add_argument(
        "--auth", action="append", default=[], metavar="USER:PASSWORD", help="one user; may be repeated"
    )
    who.add_argument(
        "--lan",
        action="store_true",
        help="everybody in the local network who has the password; prints address, password and QR code",
    )
    who.add_argument("--public", action="store_true", help="everybody who finds the address")
    found.add_argument(
        "--setting",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a limit (`python -m poetbot settings` lists them); may be repeated",
    )
    return found


def main() -> int:
    """Build the app and serve it until Ctrl+C."""
    asked = parser().parse_args()

    from poetbot.errors import PoetBotError
    from poetbot.settings import Settings, given
    from poetbot.storage import Home

    try:
        os.environ.update(given(asked.setting))  # where the processes that train poets find them too
        Settings.in_force()
        home = Home.of_this_person()
        temporary = None
        if not os.environ.get("GRADIO_TEMP_DIR"):  # gradio's usual one is open to every user of the machine
            temporary = home.made(home.temporary)
            os.environ["GRADIO_TEMP_DIR"] = str(temporary)

        from poetbot.poets.folder import BUNDLED
        from poetbot.web.app import build_app, serving
        from poetbot.web.serving import lan
        from poetbot.web.serving.access import access
        from poetbot.web.serving.visitors import Visitors

        host = asked.host or ("0.0.0.0" if ON_SPACES or asked.lan else "127.0.0.1")
        password = lan.new_password() if asked.lan and not (asked.auth or asked.auth_file) else None
        room = (lan.NAME, password) if password else None
        visitors = Visitors(access(host, ON_SPACES, asked.auth, asked.auth_file, asked.public, room))
        seen_as = lan.seen_as(asked.host) if asked.lan else ""
        served_as = serving(visitors, asked.language)
    except PoetBotError as error:
        print(error, file=sys.stderr)
        return 2

    sys.setswitchinterval(MOST_AT_A_TIME)
    app = build_app(asked.poets or BUNDLED, visitors=visitors)
    try:
        _, address, _ = app.launch(
            server_name=host,
            server_port=asked.port,  # None: gradio takes the next free one from 7860
            inbrowser=asked.open,
            prevent_thread_lock=True,
            **served_as,
        )
    except OSError:
        print(
            f"Port {asked.port or ''} is taken: choose another with --port, or leave it out.", file=sys.stderr
        )
        return 1
    threading.Thread(target=sweep_now_and_then, args=(home, temporary), daemon=True).start()
    seconds = time.perf_counter() - START
    print(f"PoetBot is at {address} (ready in {seconds:.1f} s; Ctrl+C ends it)", flush=True)
    print(visitors.access.sentence(), flush=True)
    if asked.lan:
        page, out = lan.url(seen_as, app.server_port), sys.stdout
        told = lan.invitation(page, password, encoding=out.encoding or "ascii", colour=out.isatty())
        print(told, flush=True)
    app.block_thread()
    return 0


def sweep_now_and_then(home: "Home", temporary: Path | None) -> None:
    """Delete what nobody needs any more, as long as the app runs. A folder that somebody else chose is left alone."""
    from poetbot.runs.cleanup import sweep
    from poetbot.settings import Settings

    settings = Settings.in_force()
    while True:
        try:
            sweep(home, temporary, settings, time.time())
        except Exception as error:  # a disk that is gone for a while; the app goes on
            print(f"What is old could not be swept: {error}", file=sys.stderr)
        time.sleep(60 * settings.sweep_minutes)


if __name__ == "__main__":
    sys.exit(main())
