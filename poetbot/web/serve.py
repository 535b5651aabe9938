"""`app`: serve PoetBot in the browser until Ctrl+C."""

import argparse
import contextlib
import errno
import os
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from poetbot.storage import Home

START = time.perf_counter()

# Seconds after which a thread must let another run; Python's default is 0.005. One thread answers the browsers while a
# whole class writes in others, and waits this long at each of its many short steps.
SWITCH_INTERVAL = 0.001

SPACES_PORT = 7860
ON_SPACES = bool(os.environ.get("SPACE_ID")) or os.environ.get("SYSTEM") == "spaces"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "app",
        help="serve the page in your browser",
        description="Serve PoetBot in your browser.",
        epilog="Example, for a class: %(prog)s --host 0.0.0.0 --auth-file users.txt",
    )
    made.add_argument("--host", help="the address to listen on (default: this machine alone)")
    made.add_argument(
        "--port",
        type=int,
        default=SPACES_PORT if ON_SPACES else None,
        help="default: the first free one from 7860",
    )
    made.add_argument(
        "--root-path",
        metavar="PATH",
        help="the prefix that a proxy in front of the app takes off, such as /poems",
    )
    made.add_argument("--open", action="store_true", help="open the browser")
    made.add_argument(
        "--poets", type=Path, help="the folder of the poets that everybody can use (default: weights)"
    )
    made.add_argument(
        "--language",
        metavar="en|zh",
        help="of the page, whatever the browser asks for, until a visitor changes it (English, 简体中文)",
    )
    who = made.add_argument_group("who may use it, if --host lets others reach it")
    who.add_argument(
        "--auth-file", type=Path, metavar="FILE", help="a file with a line USER:PASSWORD for each user"
    )
    who.add_argument(
        "--auth", action="append", default=[], metavar="USER:PASSWORD", help="one user; may be repeated"
    )
    who.add_argument(
        "--lan",
        action="store_true",
        help="everybody in the local network who knows the password; prints address, password and QR code",
    )
    who.add_argument("--public", action="store_true", help="everybody who knows the address")
    made.add_argument(
        "--setting",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a limit (the command `settings` lists them); may be repeated",
    )
    made.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Listen, load the app meanwhile, and serve it until Ctrl+C."""
    # Read by Gradio when it is imported: no statistics are sent.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

    from poetbot.errors import PoetBotError
    from poetbot.settings import Settings, given
    from poetbot.storage import Home

    os.environ.update(given(options.setting))  # so that training processes have them too
    Settings.in_force()
    if options.root_path:
        if not options.root_path.startswith("/"):
            raise PoetBotError("--root-path must begin with a slash, such as /poems.")
        os.environ["GRADIO_ROOT_PATH"] = options.root_path
    if options.port is not None and not 0 <= options.port <= 65_535:
        raise PoetBotError("--port must be a number from 0 to 65535.")
    home = Home.default()
    temporary = None
    if not os.environ.get("GRADIO_TEMP_DIR"):  # Gradio's default is open to every user of the machine
        temporary = home.create(home.temporary)
        os.environ["GRADIO_TEMP_DIR"] = str(temporary)

    # Nothing that imports Gradio: the front door answers while it is loaded.
    from poetbot.web.serving import free_memory, lan
    from poetbot.web.serving.access import access
    from poetbot.web.serving.front_door import FrontDoor
    from poetbot.web.serving.languages import Languages, start_language
    from poetbot.web.serving.server import Server

    host = options.host or ("0.0.0.0" if ON_SPACES or options.lan else "127.0.0.1")
    password = lan.new_password() if options.lan and not (options.auth or options.auth_file) else None
    shared = (lan.NAME, password) if password else None
    allowed = access(host, ON_SPACES, options.auth, options.auth_file, options.public, shared)
    lan_host = lan.reachable_host(options.host) if options.lan else ""
    languages = Languages(start_language(options.language))
    closing = contextlib.ExitStack()

    def load() -> "FastAPI":
        from poetbot.poets.folder import BUNDLED
        from poetbot.web.app import build_blocks, create_app
        from poetbot.web.serving.visitors import Visitors

        visitors = Visitors(allowed)
        blocks = build_blocks(options.poets or BUNDLED, visitors)
        closing.callback(blocks.close, verbose=False)
        return create_app(blocks, visitors, options.language)

    def loaded() -> None:
        threading.Thread(target=sweep_regularly, args=(home, temporary), daemon=True).start()
        seconds = time.perf_counter() - START
        print(f"PoetBot is at {server.url} (ready in {seconds:.1f} s; Ctrl+C ends it)", flush=True)
        print(allowed.sentence(), flush=True)
        if options.lan:
            page, out = lan.url(lan_host, server.port), sys.stdout
            text = lan.invitation(page, password, encoding=out.encoding or "ascii", colour=out.isatty())
            print(text, flush=True)

    def listening() -> None:
        if options.open:
            webbrowser.open(server.url)

    def failed() -> None:
        server.should_exit = True

    free_memory.limit_free_memory()
    door = FrontDoor(load, languages, loaded=loaded, failed=failed, framed=allowed.on_spaces)
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        server = Server(door, host, options.port, ready=listening, closing=closing.close)
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno != errno.EADDRINUSE:
            text = f"PoetBot can't listen on {host} ({reason}). Choose another --host or --port."
        elif options.port:
            text = f"Port {options.port} is in use. Choose another with --port, or leave it out."
        else:
            text = f"{reason} Choose another with --port."
        print(text, file=sys.stderr)
        return 1
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if door.error is not None:
        raise door.error
    return 0 if server.started else 1


def sweep_regularly(home: "Home", temporary: Path | None) -> None:
    """Delete old uploads, runs and visitors while the app runs. `temporary` is None if Gradio's folder was set by the user."""
    from poetbot.runs.cleanup import sweep
    from poetbot.settings import Settings

    settings = Settings.in_force()
    while True:
        try:
            sweep(home, temporary, settings, time.time())
        except Exception as error:  # a disk that is gone for a while; the app goes on
            print(f"Old files could not be deleted: {error}", file=sys.stderr)
        time.sleep(60 * settings.sweep_minutes)
