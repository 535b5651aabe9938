"""Run many tasks on a cluster. Whatever goes wrong, one sentence explains it.

Ray runs a task again when its node dies. We handle the rest: a task that ends its worker every time, a full disk, and a
cluster that is gone.
"""

import contextlib
import errno
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import ray
from ray import exceptions

from poetbot.cluster.files import Place
from poetbot.errors import Failure, PoetBotError
from poetbot.messages import Message

RETRIES = 3
"""How often Ray runs a task again whose node or worker died."""

_IN_FLIGHT = 2  # tasks a core: one runs, one waits
_LOST = (
    exceptions.WorkerCrashedError,
    exceptions.NodeDiedError,
    exceptions.OutOfMemoryError,
    exceptions.ObjectLostError,
    exceptions.RaySystemError,
    exceptions.TaskCancelledError,
)

Job = TypeVar("Job")
Result = TypeVar("Result")


class Lost(Exception):
    """The workers of a task died again and again."""


def run_all(
    function: Callable[..., Result],
    jobs: Sequence[Job],
    *shared: Any,
    lost: Callable[[Job], Sequence[Job]] | None = None,
    seen: Callable[[int], None] | None = None,
) -> Iterator[tuple[Job, Result]]:
    """Yield each job with the result of `function(job, *shared)`, in the order in which they end.

    If the workers of a job die again and again, `lost` gives the jobs to do instead; without `lost`, this is a Failure.
    `shared` arguments are sent to each node once. `seen` is called with the number of jobs that are done. Raises Failure,
    which says what to do, if a disk is full, the cluster is gone, or a task fails.
    """
    remote = ray.remote(num_cpus=1, max_retries=RETRIES)(function)
    try:
        common = [ray.put(value) for value in shared]
        waiting = list(reversed(jobs))
        running: dict[Any, Job] = {}
        done = 0
        while waiting or running:
            most = _IN_FLIGHT * max(1, int(ray.cluster_resources().get("CPU", 1)))
            while waiting and len(running) < most:
                job = waiting.pop()
                running[remote.remote(job, *common)] = job
            ready, _ = ray.wait(list(running), timeout=1)
            for reference in ready:
                job = running.pop(reference)
                try:
                    result = ray.get(reference)
                except _LOST as error:
                    if lost is None:
                        raise Failure(
                            "The workers of the cluster died again and again. Give each more memory, then run the command again."
                        ) from error
                    waiting += reversed(lost(job))
                    continue
                except exceptions.RayTaskError as error:
                    raise _failure(error.cause) from error
                yield job, result
                done += 1
                if seen:
                    seen(done)
    except exceptions.RayError as error:
        raise _gone(error) from error


@contextlib.contextmanager
def what_is_finished(summaries: Sequence[Place]) -> Iterator[None]:
    """Add notes to a Failure: what the finished parts left out, and how many there are. `summaries` are the files of all parts."""
    try:
        yield
    except (Failure, OSError) as error:
        failure = error if isinstance(error, Failure) else _failure(error)
        finished = [json.loads(place.read()) for place in summaries if place.exists()]
        for notice in (notice for each in finished for notice in each["left_out"]):
            failure.add_note(notice)
        failure.add_note(f"{len(finished):,} of {len(summaries):,} parts are finished.")
        raise failure from error


def results(references: Sequence[Any]) -> list[Any]:
    """Return what calls of actors return. Raises PoetBotError as `run_all` does."""
    try:
        return list(ray.get(list(references)))
    except exceptions.RayTaskError as error:
        raise _failure(error.cause) from error
    except exceptions.RayError as error:
        raise _gone(error) from error


def _gone(error: exceptions.RayError) -> Failure:
    return Failure(
        "The cluster no longer answers ({reason}). Run the command again: what is finished is kept.",
        reason=_first_line(error),
    )


def _failure(cause: BaseException) -> PoetBotError:
    """Return the error that tells a person what stopped a task."""
    if isinstance(cause, PoetBotError):
        return cause
    if isinstance(cause, OSError):
        full = cause.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(cause)
        return Failure(
            "{what} ({reason}). {cure} Then run the command again: what is finished is kept.",
            what=Message("A disk of the cluster is full") if full else Message("A node can't write its part"),
            reason=_first_line(cause),
            cure=Message("Make room.") if full else Message("Check the folder."),
        )
    return Failure(
        "A task of the cluster failed ({reason}).", reason=f"{type(cause).__name__}: {_first_line(cause)}"
    )


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0][:200] or type(error).__name__
