"""Fair scheduler: who has had the least is next, nobody is put off for ever, and a poem stays what it is."""

import threading
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from poetbot.poets.folder import load
from poetbot.web.serving.fair_scheduler import FairScheduler, ScheduledNetwork
from poetbot.web.tabs.write.streaming import pieces
from poetbot.writing import CachedPoet, Form, FormRequest, FormWriter, LineRequest, Request, suggest, write


class People:
    """Says whose work a thread does."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}

    def __call__(self) -> str:
        return self.names.get(threading.get_ident(), "nobody")

    def doing(self, name: str, work) -> threading.Thread:
        def run() -> None:
            self.names[threading.get_ident()] = name
            work()

        thread = threading.Thread(target=run)
        thread.start()
        return thread


def one_turn(scheduler: FairScheduler) -> None:
    with scheduler.turn():
        pass


def until(said) -> None:
    for _ in range(2_000):
        if said():
            return
        time.sleep(0.005)
    raise AssertionError("nothing happened")


def order_of_waiting(scheduler: FairScheduler, people: People, works, before=lambda: None) -> list[str]:
    """Return the order in which these get the only place, having waited for it one after the other."""
    order: list[str] = []
    held, begun = threading.Event(), threading.Event()

    def holding() -> None:
        with scheduler.turn():
            begun.set()
            held.wait(10)

    threads = [people.doing("holder", holding)]
    assert begun.wait(10)
    for k, (name, how, reading) in enumerate(works, start=1):

        def work(name=name, how=how, reading=reading) -> None:
            with how(), scheduler.turn(reading=reading):
                order.append(name)

        threads.append(people.doing(name, work))
        until(lambda k=k: len(scheduler._waiting) == k)
        before()
    held.set()
    for thread in threads:
        thread.join(10)
    return order


def test_whoever_used_least_goes_first() -> None:
    people, now = People(), [0.0]
    scheduler = FairScheduler(1, people, clock=lambda: now[0])

    def work(seconds: float) -> None:
        with scheduler.turn():
            now[0] += seconds

    for name, seconds in (("long", 0.1), ("short", 0.02)):
        people.doing(name, lambda seconds=seconds: work(seconds)).join()
    works = [(name, nullcontext, False) for name in ("long", "short", "new")]
    assert order_of_waiting(scheduler, people, works) == ["new", "short", "long"]


def test_the_first_steps_of_a_poem_come_before_everything() -> None:
    scheduler = FairScheduler(1, lambda: "one")

    def steps_that_come_first() -> int:
        for count in range(100):
            if not scheduler._accounts["one"].first_steps:
                return count
            with scheduler.turn():
                pass
        raise AssertionError("no end of them")

    with scheduler.turn(reading=True):
        pass
    assert 8 <= steps_that_come_first() <= 50
    scheduler.start_poem()  # a poem without first words reads none
    with scheduler.keep_place():
        assert 8 <= steps_that_come_first() <= 50


def test_suggestions_come_before_poems_that_have_begun_and_in_the_order_of_their_requests() -> None:
    people = People()
    scheduler = FairScheduler(1, people)
    works = [
        ("poem", nullcontext, False),
        ("suggestion", scheduler.suggesting, False),
        ("later suggestion", scheduler.suggesting, True),
        ("new poem", nullcontext, True),
    ]
    order = order_of_waiting(scheduler, people, works)
    assert order == ["new poem", "suggestion", "later suggestion", "poem"]


def test_endless_suggestions_rank_with_the_others_in_the_end() -> None:
    people, now = People(), [0.0]
    scheduler = FairScheduler(1, people, clock=lambda: now[0])

    def long_work() -> None:
        with scheduler.suggesting(), scheduler.turn():
            now[0] += 2.5

    people.doing("suggestion", long_work).join(10)
    works = [("suggestion", scheduler.suggesting, False), ("poem", nullcontext, False)]
    assert order_of_waiting(scheduler, people, works) == ["poem", "suggestion"]


def test_nobody_waits_forever_for_newcomers() -> None:
    people, now = People(), [0.0]
    scheduler = FairScheduler(1, people, clock=lambda: now[0])

    def later() -> None:
        now[0] += 10.0

    works = [("poem", nullcontext, False), ("suggestion", scheduler.suggesting, False)]
    assert order_of_waiting(scheduler, people, works, before=later) == ["poem", "suggestion"]


def test_a_place_is_kept_between_steps_for_a_while() -> None:
    now = [0.0]
    scheduler = FairScheduler(1, lambda: "one", clock=lambda: now[0])
    with scheduler.keep_place():
        assert scheduler._free == 1  # sitting alone takes none
        for _ in range(3):
            with scheduler.turn():
                assert scheduler._free == 0
            assert scheduler._free == 0
            now[0] += 0.005
        now[0] += 0.1
        with scheduler.turn():
            pass
        assert scheduler._free == 0  # nobody waits for it
        with scheduler.turn():
            waiting = threading.Thread(target=one_turn, args=(scheduler,))
            waiting.start()
            until(lambda: len(scheduler._waiting) == 1)
            now[0] += 0.1
        waiting.join(10)
        assert scheduler._free == 1  # its time was over, and somebody waited
        with pytest.raises(ZeroDivisionError), scheduler.turn():
            raise ZeroDivisionError
    assert scheduler._free == 1 and scheduler._accounts["one"].working == 0
    assert scheduler._accounts["one"].served == pytest.approx(0.215)
    with scheduler.turn():
        pass
    assert scheduler._free == 1  # and a step by itself gives it back at once


def test_poems_in_a_form_are_written_where_there_is_one_place(tiny_poet: Path) -> None:
    """Their drafts are written in threads of their own, which must find the place free."""
    poet, scheduler = load(tiny_poet), FairScheduler(1)
    poet.__dict__["network"] = ScheduledNetwork(poet.network, scheduler)
    written: list[str] = []

    def write_one(rng: int) -> None:
        writer = FormWriter(CachedPoet(poet), FormRequest(Form(stanzas=(2,)), rng=rng))
        written.append(list(pieces(writer, None, scheduler))[-1][0])

    threads = [threading.Thread(target=write_one, args=(rng,), daemon=True) for rng in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(written) == 3 and scheduler._free == 1


def test_places_are_always_released() -> None:
    scheduler = FairScheduler(1, lambda: "one")
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), scheduler.turn():
            raise ZeroDivisionError
    with scheduler.turn():
        pass
    assert scheduler._free == 1 and not scheduler._waiting


def test_usage_is_forgotten_after_a_pause() -> None:
    now = [0.0]
    scheduler = FairScheduler(1, lambda: "one", clock=lambda: now[0])
    with scheduler.turn():
        now[0] += 3.0
    assert scheduler._accounts["one"].served == 3.0
    now[0] += 5.0
    with scheduler.turn():
        pass
    assert scheduler._accounts["one"].served == 0.0
    for k in range(5_000):
        scheduler._person = lambda k=k: k
        with scheduler.turn():
            pass
    assert len(scheduler._accounts) <= 4_096


def test_many_writers_at_once_get_the_poems_that_each_would_alone(tiny_poet: Path) -> None:
    alone, together = load(tiny_poet), load(tiny_poet)
    people = People()
    together.__dict__["network"] = ScheduledNetwork(together.network, FairScheduler(2, people))
    assert np.array_equal(together.empty_seed.logits, alone.empty_seed.logits)
    poems: dict[int, str] = {}

    def writing(k: int):
        return lambda: poems.__setitem__(k, write(together, Request("The lamp", rng=k, lines=3)).text)

    threads = [people.doing(f"person {k}", writing(k)) for k in range(12)]
    found = suggest(CachedPoet(together), LineRequest("The lamp is low,\n", rng=1, drafts=16))
    for thread in threads:
        thread.join(60)
    assert poems == {k: write(alone, Request("The lamp", rng=k, lines=3)).text for k in range(12)}
    assert found == suggest(CachedPoet(alone), LineRequest("The lamp is low,\n", rng=1, drafts=16))


def test_a_new_poem_does_not_wait_behind_long_work() -> None:
    """Three people with work without end; the first turn of a new one comes after the scheduler under way, no later."""
    people = People()
    scheduler = FairScheduler(1, people)
    over = threading.Event()

    def endless() -> None:
        while not over.is_set():
            with scheduler.turn():
                time.sleep(0.005)

    threads = [people.doing(f"busy {k}", endless) for k in range(3)]
    try:
        until(
            lambda: (
                len(scheduler._accounts) == 3 and all(a.served > 0.05 for a in scheduler._accounts.values())
            )
        )
        waits = []

        def first() -> None:
            begun = time.perf_counter()
            with scheduler.turn():
                waits.append(time.perf_counter() - begun)

        for k in range(10):
            people.doing(f"new {k}", first).join(10)
        assert sorted(waits)[5] < 0.05
    finally:
        over.set()
        for thread in threads:
            thread.join(10)
    served = [scheduler._accounts[f"busy {k}"].served for k in range(3)]
    assert max(served) < 2 * min(served) + 0.1
