"""The engine doesn't change any poem, serves the request that has had the least time first, and starves none."""

import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from poetbot.poets.blend import Part, blended
from poetbot.poets.folder import Poet, load
from poetbot.poets.network import Network
from poetbot.web.serving.engine import BatchedNetwork, WritingEngine
from poetbot.web.tabs.write.streaming import pieces
from poetbot.writing import (
    CachedPoet,
    Form,
    FormRequest,
    FormWriter,
    LineRequest,
    Request,
    Writer,
    suggest,
    write,
)


class Steps:
    """A network that only records which ids it was given in each batch."""

    exact = True

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def step(self, ids, state) -> None:
        self.batches.append(ids.tolist())


class Rows:
    """A state with a number of rows and nothing else."""

    def __init__(self, rows: int) -> None:
        self.logits = np.zeros((rows, 1))

    def joined(self, states) -> "Rows":
        return Rows(sum(len(state.logits) for state in states))

    def split_into(self, states) -> None:
        pass


class Classroom:
    """People who ask one engine for work at the same moment, and the order in which their steps are done."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.now, self.network, self.order = 0.0, Steps(), []
        self.seconds = seconds  # that each step takes
        self.engine = WritingEngine(lambda: threading.current_thread().name, clock=lambda: self.now)

    def steps(self, name: str, count: int, rows: int) -> None:
        ids, state = np.zeros(rows, np.int32), Rows(rows)
        for _ in range(count):
            self.engine.step(self.network, ids, state)
            self.order.append(name)
            self.now += self.seconds

    def ask(self, *works: tuple[str, int, int, dict[str, bool]], between: float = 0.001) -> list[str]:
        """Let each of (person, steps, rows, how) ask in this order, before anything is done, and return the order of steps.

        `between` is the seconds from each to the next.
        """
        self.order.clear()
        held, begun = threading.Event(), threading.Event()

        def hold() -> None:
            begun.set()
            held.wait(10)

        threads = [threading.Thread(target=self.engine.run, args=(hold,), name="holder")]
        threads[0].start()
        assert begun.wait(10)
        for place, (name, count, rows, how) in enumerate(works):

            def work(name=name, count=count, rows=rows, how=how) -> None:
                self.engine.run(lambda: self.steps(name, count, rows), **how)

            threads.append(threading.Thread(target=work, name=name))
            threads[-1].start()
            until(lambda place=place: self.engine._new.qsize() == place + 1)
            self.now += between
        held.set()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()
        return list(self.order)


def until(said) -> None:
    for _ in range(2_000):
        if said():
            return
        threading.Event().wait(0.005)
    raise AssertionError("nothing happened")


def finished(works) -> list[str]:
    """Return the names in the order of their last steps."""
    last = {name: place for place, name in enumerate(works)}
    return sorted(last, key=last.__getitem__)


MANY = 64  # rows: two such requests don't fit into one batch


def test_steps_of_one_network_are_one_batch() -> None:
    people = Classroom()
    people.ask(*((f"person {k}", 3, k, {}) for k in range(1, 5)))
    assert [len(batch) for batch in people.network.batches] == [10, 10, 10]


def test_whoever_has_had_least_comes_first() -> None:
    people = Classroom(0.1)
    people.ask(("long", 4, MANY, {}))
    people.ask(("short", 1, MANY, {}))
    order = people.ask(("long", 1, MANY, {}), ("short", 1, MANY, {}), ("new", 1, MANY, {}))
    assert finished(order) == ["new", "short", "long"]


def test_suggestions_come_before_poems_that_have_begun_and_in_the_order_of_their_requests() -> None:
    order = Classroom(0.001).ask(
        ("poem", 8, MANY, {}),
        ("suggestion", 8, MANY, {"suggests": True}),
        ("later suggestion", 8, MANY, {"suggests": True}),
        ("new poem", 8, MANY, {"begins": True}),
    )
    assert finished(order) == ["new poem", "suggestion", "later suggestion", "poem"]


def test_only_the_first_steps_of_a_poem_come_first() -> None:
    order = Classroom(0.001).ask(
        ("new poem", 60, MANY, {"begins": True}), ("suggestion", 5, MANY, {"suggests": True})
    )
    assert finished(order) == ["suggestion", "new poem"]
    assert 8 <= order.index("suggestion") <= 50


def test_endless_suggestions_rank_with_poems_in_the_end() -> None:
    people = Classroom(0.5)
    people.ask(("suggestion", 5, MANY, {"suggests": True}))
    people.seconds = 0.01
    order = people.ask(("suggestion", 5, MANY, {"suggests": True}), ("poem", 5, MANY, {}))
    assert finished(order) == ["poem", "suggestion"]


def test_nobody_waits_forever_for_newcomers() -> None:
    works = (
        ("poem", 1, MANY, {}),
        ("suggestion", 1, MANY, {"suggests": True}),
        ("new", 1, MANY, {"begins": True}),
    )
    assert finished(Classroom().ask(*works)) == ["new", "suggestion", "poem"]
    assert finished(Classroom().ask(*works, between=10.0)) == ["poem", "suggestion", "new"]


def test_rows_that_do_not_fit_wait_while_others_of_few_rows_go_on() -> None:
    people = Classroom(0.001)
    people.ask(("first", 4, MANY, {}), ("second", 4, MANY, {}), ("poem", 4, 1, {}))
    assert Counter(map(len, people.network.batches)).keys() <= {1, MANY, MANY + 1}
    assert MANY + 1 in map(len, people.network.batches)


def test_service_is_forgotten_after_a_pause() -> None:
    people = Classroom(3.0)
    people.ask(("one", 1, 1, {}))
    account = people.engine._accounts["one"]
    assert account.served == pytest.approx(3.0) and account.jobs == 0
    people.now += 5.0
    people.engine._account("one")
    assert account.served == 0.0
    for k in range(5_000):
        people.engine._account(k)
    assert len(people.engine._accounts) <= 4_096


def test_an_error_reaches_whoever_asked_and_nobody_else() -> None:
    people = Classroom()

    class Broken(Steps):
        def step(self, ids, state) -> None:
            raise ZeroDivisionError

    found: list[str] = []

    def fails() -> None:
        with pytest.raises(ZeroDivisionError):
            people.engine.run(lambda: people.engine.step(Broken(), np.zeros(1, np.int32), Rows(1)))
        with pytest.raises(KeyError):
            people.engine.run(lambda: {}["nothing"])
        found.append("failed")

    def works() -> None:
        people.engine.run(lambda: people.steps("poem", 20, 1))

    in_threads(fails, works, fails)
    assert found == ["failed"] * 2 and people.order == ["poem"] * 20


def with_engine(poet: Poet, engine: WritingEngine) -> Poet:
    """Return the poet with a network whose steps the engine runs."""
    _ = poet.empty_seed
    poet.__dict__["network"] = BatchedNetwork(poet.network, engine)
    return poet


def in_threads(*works) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


@pytest.mark.parametrize("exact", [True, False])
def test_many_writers_at_once_get_what_each_would_alone(tiny_poet: Path, exact: bool) -> None:
    alone, together = load(tiny_poet), load(tiny_poet)
    if not exact:
        alone, together = alone.in_floats, together.in_floats
        assert isinstance(alone.network, Network)
    engine = WritingEngine()
    with_engine(together, engine)
    asked = LineRequest("The lamp is low,\n", rng=1, drafts=16)
    poems: dict[int, str] = {}
    suggested = []

    def writing(k: int):
        request = Request("The lamp " * (1 + k % 3) * (1 + 40 * (k % 2)), rng=k, lines=3)

        def work() -> None:
            poems[k] = engine.run(lambda: write(together, request).text, begins=True)
            assert poems[k] == write(alone, request).text

        return work

    def suggesting() -> None:
        suggested.append(engine.run(lambda: suggest(CachedPoet(together), asked), suggests=True))

    in_threads(*map(writing, range(12)), suggesting)
    assert len(poems) == 12
    assert suggested == [suggest(CachedPoet(alone), asked)]


def test_a_blend_is_written_as_it_would_be_alone(tiny_poet: Path) -> None:
    engine = WritingEngine()
    alone = [load(tiny_poet), load(tiny_poet)]
    together = [with_engine(load(tiny_poet), engine) for _ in range(2)]
    parts = (Part("one", 0.6), Part("two", 0.4))
    request = Request("The lamp", rng=3, lines=3)
    expected = write(blended(alone, parts), request).text
    blend = blended(together, parts)
    found: list[str] = []

    def work() -> None:
        found.append(engine.run(lambda: write(blend, request).text))

    in_threads(work, work)
    assert found == [expected, expected]


def test_a_step_outside_of_the_engine_is_done_by_it(tiny_poet: Path) -> None:
    alone, together = load(tiny_poet), with_engine(load(tiny_poet), WritingEngine())
    request = Request("The lamp", rng=2, lines=2)
    assert write(together, request) == write(alone, request)


def test_a_poem_in_pieces_is_the_poem(tiny_poet: Path) -> None:
    """The last piece is left to `poem()`."""
    engine = WritingEngine()
    alone, together = load(tiny_poet), with_engine(load(tiny_poet), engine)
    request = Request("The lamp", rng=2, lines=3)
    writer = Writer(together, request)
    written = [text for text, _ in pieces(writer, None, engine)]
    assert writer.poem() == write(alone, request)
    assert written and all(writer.poem().text.startswith(writer.seed + text) for text in written)


def test_poems_in_a_form_are_written_side_by_side(tiny_poet: Path) -> None:
    engine = WritingEngine()
    alone, together = load(tiny_poet), with_engine(load(tiny_poet), engine)
    poems: dict[int, str] = {}

    def writing(rng: int):
        def work() -> None:
            writer = FormWriter(CachedPoet(together), FormRequest(Form(stanzas=(2,)), rng=rng))
            assert list(pieces(writer, None, engine))
            poems[rng] = writer.poem().text

        return work

    in_threads(*map(writing, range(3)))
    expected = {}
    for rng in range(3):
        writer = FormWriter(CachedPoet(alone), FormRequest(Form(stanzas=(2,)), rng=rng))
        expected[rng] = "".join(writer)
    assert poems == expected
