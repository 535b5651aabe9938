"""Fair turns: who has had the least is next, nobody is put off for ever, and a poem stays what it is."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from poetbot.poets.folder import load
from poetbot.web.serving.fair_scheduler import TakingTurns, Turns
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


def until(said) -> None:
    for _ in range(2_000):
        if said():
            return
        time.sleep(0.005)
    raise AssertionError("nothing happened")


def test_who_has_had_the_least_comes_first() -> None:
    people, order = People(), []
    turns = Turns(1, people)

    def work(name: str, seconds: float):
        def run() -> None:
            with turns.turn():
                order.append(name)
                time.sleep(seconds)

        return run

    for name, seconds in (("long", 0.1), ("short", 0.02)):
        people.doing(name, work(name, seconds)).join()
    order.clear()
    held = threading.Event()
    begun = threading.Event()

    def holding() -> None:
        with turns.turn():
            begun.set()
            held.wait(10)

    threads = [people.doing("holder", holding)]
    assert begun.wait(10)
    for k, name in enumerate(("long", "short", "new"), start=1):
        threads.append(people.doing(name, work(name, 0)))
        until(lambda k=k: len(turns._waiting) == k)
    held.set()
    for thread in threads:
        thread.join(10)
    assert order == ["new", "short", "long"]


def test_the_first_steps_of_a_poem_come_before_everything() -> None:
    turns = Turns(1, lambda: "one")

    def steps_that_come_first() -> int:
        for count in range(100):
            if not turns._accounts["one"].first_steps:
                return count
            with turns.turn():
                pass
        raise AssertionError("no end of them")

    with turns.turn(reading=True):
        pass
    assert 8 <= steps_that_come_first() <= 50
    turns.begins()  # a poem without first words reads none
    assert 8 <= steps_that_come_first() <= 50


def test_who_sits_keeps_the_place_from_step_to_step_for_a_while() -> None:
    now = [0.0]
    turns = Turns(1, lambda: "one", clock=lambda: now[0])
    with turns.sitting():
        assert turns._free == 1  # sitting alone takes none
        for _ in range(3):
            with turns.turn():
                assert turns._free == 0
            assert turns._free == 0
            now[0] += 0.005
        now[0] += 0.1
        with turns.turn():
            pass
        assert turns._free == 1  # its time is over
        with pytest.raises(ZeroDivisionError), turns.turn():
            raise ZeroDivisionError
    assert turns._free == 1 and turns._accounts["one"].working == 0
    assert turns._accounts["one"].served == pytest.approx(0.115)
    with turns.turn():
        pass
    assert turns._free == 1  # and a step by itself gives it back at once


def test_poems_in_a_form_are_written_where_there_is_one_place(tiny_poet: Path) -> None:
    """Their drafts are written in threads of their own, which must find the place free."""
    poet, turns = load(tiny_poet), Turns(1)
    poet.__dict__["network"] = TakingTurns(poet.network, turns)
    written: list[str] = []

    def write_one(rng: int) -> None:
        writer = FormWriter(CachedPoet(poet), FormRequest(Form(stanzas=(2,)), rng=rng))
        written.append(list(pieces(writer, None, turns))[-1][0])

    threads = [threading.Thread(target=write_one, args=(rng,), daemon=True) for rng in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(written) == 3 and turns._free == 1


def test_places_come_back_whatever_happens() -> None:
    turns = Turns(1, lambda: "one")
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns.turn():
            raise ZeroDivisionError
    with turns.turn():
        pass
    assert turns._free == 1 and not turns._waiting


def test_after_a_pause_one_begins_anew_and_people_are_forgotten() -> None:
    now = [0.0]
    turns = Turns(1, lambda: "one", clock=lambda: now[0])
    with turns.turn():
        now[0] += 3.0
    assert turns._accounts["one"].served == 3.0
    now[0] += 5.0
    with turns.turn():
        pass
    assert turns._accounts["one"].served == 0.0
    for k in range(5_000):
        turns._person = lambda k=k: k
        with turns.turn():
            pass
    assert len(turns._accounts) <= 4_096


def test_many_writers_at_once_get_the_poems_that_each_would_alone(tiny_poet: Path) -> None:
    alone, together = load(tiny_poet), load(tiny_poet)
    people = People()
    together.__dict__["network"] = TakingTurns(together.network, Turns(2, people))
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
    """Three people with work without end; the first turn of a new one comes after the turns under way, no later."""
    people = People()
    turns = Turns(1, people)
    over = threading.Event()

    def endless() -> None:
        while not over.is_set():
            with turns.turn():
                time.sleep(0.005)

    threads = [people.doing(f"busy {k}", endless) for k in range(3)]
    try:
        until(lambda: len(turns._accounts) == 3 and all(a.served > 0.05 for a in turns._accounts.values()))
        waits = []

        def first() -> None:
            begun = time.perf_counter()
            with turns.turn():
                waits.append(time.perf_counter() - begun)

        for k in range(10):
            people.doing(f"new {k}", first).join(10)
        assert sorted(waits)[5] < 0.05
    finally:
        over.set()
        for thread in threads:
            thread.join(10)
    served = [turns._accounts[f"busy {k}"].served for k in range(3)]
    assert max(served) < 2 * min(served) + 0.1
