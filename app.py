"""The front door: serves PoetBot in the browser. `python app.py --help` says how."""

import argparse
import os
import sys
import time
from pathlib import Path

START = time.perf_counter()

# Read by gradio when it is imported: it calls nobody.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

# Read by numpy when it is imported. A poet's matrices are small: a second thread gains little when the machine is
# idle and costs ten times the speed when it is not (both threads spin while one waits for a processor).
for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(name, "1")

SPACES_PORT = 7860


def main() -> int:
    """Build the app and serve it until Ctrl+C."""
    on_spaces = bool(os.environ.get("SPACE_ID")) or os.environ.get("SYSTEM") == "spaces"
    parser = argparse.ArgumentParser(description="Serve PoetBot in your browser.")
    parser.add_argument("--host", default="0.0.0.0" if on_spaces else "127.0.0.1", help="where it listens")
    parser.add_argument(
        "--port", type=int, default=SPACES_PORT if on_spaces else None, help="the next free one"
    )
    parser.add_argument("--open", action="store_true", help="open the browser")
    parser.add_argument("--poets", type=Path, help="the folder with your poets (default: weights)")
    asked = parser.parse_args()

    from poetbot.poets.folder import BUNDLED
    from poetbot.ui.app import build_app, serving

    app = build_app(asked.poets or BUNDLED)
    try:
        _, address, _ = app.launch(
            server_name=asked.host,
            server_port=asked.port,  # None: gradio takes the next free one from 7860
            inbrowser=asked.open,
            prevent_thread_lock=True,
            **serving(),
        )
    except OSError:
        print(
            f"Port {asked.port or ''} is taken: choose another with --port, or leave it out.", file=sys.stderr
        )
        return 1
    seconds = time.perf_counter() - START
    print(f"PoetBot is at {address} (ready in {seconds:.1f} s; Ctrl+C ends it)", flush=True)
    app.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
