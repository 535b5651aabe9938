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

from poetbot.cluster.files import Place, read_each
from poetbot.cluster.found_poems import Part
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
def what_is_finished(
    result: Place, work: Place, parts: Sequence[Part], given_up: Sequence[str] = ()
) -> Iterator[None]:
    """Add notes to a Failure: what was left out, and how many parts are read. Their summaries are in the folder `work`.

    `given_up` are notices about files that no summary names. An OSError of this machine becomes a Failure that names `result`.
    """
    try:
        yield
    except (Failure, OSError) as error:
        failure = error if isinstance(error, Failure) else _failure_here(error, result)
        with contextlib.suppress(OSError):  # perhaps the folder is what failed
            for note in _notes(work, parts, given_up):
                failure.add_note(note)
        if failure is error:
            raise
        raise failure from error


def _notes(work: Place, parts: Sequence[Part], given_up: Sequence[str]) -> Iterator[str]:
    yield from given_up
    there = work.names()  # one listing: in an object store, each check for a file is a request
    summaries = [work / f"{part.name}.json" for part in parts if f"{part.name}.json" in there]
    with contextlib.suppress(OSError):
        for summary in read_each(Place.read, summaries):
            yield from json.loads(summary)["left_out"]
    yield f"{len(summaries):,} of {len(parts):,} parts are read."


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
        full = Message("A disk of the cluster is full")
        return _disk_failure(cause, full, Message("A node can't read or write its part"))
    return Failure(
        "A task of the cluster failed ({reason}).", reason=f"{type(cause).__name__}: {_first_line(cause)}"
    )


def _failure_here(error: OSError, result: Place) -> Failure:
    """Return the Failure for an OSError of this machine, which reads what the nodes wrote and may write one file itself."""
    full = Message("The disk with {path} is full", path=result.path)
    return _disk_failure(error, full, Message("This machine can't read or write {path}", path=result.path))


def _disk_failure(error: OSError, full: Message, other: Message) -> Failure:
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
    return Failure(
        "{what} ({reason}). {cure} Then run the command again: what is finished is kept.",
        what=full if is_full else other,
        reason=_first_line(error),
        cure=Message("Make room.") if is_full else Message("Check the folder, and that all nodes share it."),
    )


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0][:200] or type(error).__name__
