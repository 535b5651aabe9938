"""The process that trains on a node of a cluster: `python -m poetbot.training.on_node OPTIONS OUT [PARENT] [--gpu]`.

OPTIONS is a file with the pickled `TrainOptions` of the caller, who owns this cluster. If there is an error, the last line
printed is the error as JSON.
"""

import argparse
import json
import os
import pickle
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from poetbot.errors import Failure, PoetBotError
from poetbot.messages import Message
from poetbot.poets.folder import load
from poetbot.training import quietly
from poetbot.training.stopping import stop_when_input_ends
from poetbot.training.worker import TrainOptions, train


@dataclass(frozen=True)
class NodeError:
    """An error on a node: its message, and whether the work failed (otherwise the input was bad)."""

    failed: bool
    message: Message

    def line(self) -> str:
        """Return it as the line that is printed."""
        return json.dumps({"failed": self.failed, "message": self.message.as_json()})

    @staticmethod
    def in_words(printed: str) -> "NodeError | None":
        """Return the error in the last line that was printed, None if that is something else."""
        try:
            data = json.loads(printed.rstrip().rpartition("\n")[2])
            message = Message.from_data(data["message"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return NodeError(data.get("failed") is True, message) if message else None

    def error(self) -> PoetBotError:
        """Return it as an exception."""
        return Failure.of(self.message) if self.failed else PoetBotError.of(self.message)


def main(arguments: list[str]) -> int:
    """Train, and return 0 if the poet is finished or the run was stopped and saved."""
    stop_when_input_ends()
    caller = os.getppid()
    parser = argparse.ArgumentParser()
    parser.add_argument("options", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("parent", nargs="?")
    parser.add_argument("--gpu", action="store_true")
    given = parser.parse_args(arguments)
    try:
        if given.gpu:
            _check_gpu()
        options: TrainOptions = pickle.loads(given.options.read_bytes())
        parent = load(given.parent) if given.parent else None
        train(replace(options, out=given.out.absolute(), parent=parent, resume=True))
        return 0
    except PoetBotError as error:
        print(NodeError(isinstance(error, Failure), error.message).line(), file=sys.stderr)
        return 1
    finally:
        if os.getppid() != caller:  # nobody else is left to delete it
            shutil.rmtree(Path.cwd(), ignore_errors=True)


def _check_gpu() -> None:
    """Raise PoetBotError unless JAX computes on a GPU: without one, it would silently use the processor."""
    with quietly():
        import jax

        backend = jax.default_backend()
    if backend != "gpu":
        raise PoetBotError(
            "The node has a GPU, but its JAX doesn't use it. Install jax[cuda12] there, or leave out --gpus."
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
