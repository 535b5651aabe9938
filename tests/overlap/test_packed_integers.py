"""What the disk holds in fewer bytes is the same when it is unpacked, and nothing else passes for it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.overlap.packed_integers import Planes, Steps, unpacked

AROUND = [0, 1, 2, 255, 256, 65_535, 65_536, 65_537, 131_072, 200_001]


def order(size: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).permutation(size).astype(np.uint32)


@pytest.mark.parametrize("size", AROUND)
def test_an_order_survives_packing(size: int) -> None:
    given_order = order(size)
    packed = Planes.of(given_order)
    assert packed.may_be_order() and len(packed) == size
    assert packed.low.nbytes + packed.high.nbytes == size * (2 if size <= 1 << 16 else 3)
    for count in {0, min(1, size), size // 2, size}:
        assert packed.unpacked(stop=count).tolist() == given_order[:count].tolist()
        assert packed.unpacked(count).tolist() == given_order[count:].tolist()
    back = unpacked(packed)
    assert back.dtype == np.uint32 and back.tolist() == given_order.tolist()
    assert unpacked(given_order) is given_order


@pytest.mark.parametrize(("size", "planes"), [(1 << 24, 1), ((1 << 24) + 3, 2)])
def test_the_order_of_very_many_words_takes_a_byte_more(size: int, planes: int) -> None:
    given_order = np.arange(size, dtype=np.uint32)[::-1]
    packed = Planes.of(given_order)
    assert packed.high.shape == (planes, size)
    assert packed.may_be_order()
    assert (packed.unpacked() == given_order).all()


@given(st.sampled_from(AROUND[1:]), st.data())
def test_an_order_with_a_flipped_bit_is_refused(size: int, data: st.DataObject) -> None:
    packed = Planes.of(order(size))
    parts = [packed.low, *packed.high]
    part = parts[data.draw(st.integers(0, len(parts) - 1))]
    part[data.draw(st.integers(0, size - 1))] ^= part.dtype.type(
        1 << data.draw(st.integers(0, 8 * part.itemsize - 1))
    )
    assert not packed.may_be_order()


@pytest.mark.parametrize("size", [3, 70_000])
def test_a_malicious_order_stays_in_bounds(size: int) -> None:
    packed = Planes.of(order(size))
    parts = [packed.low, *packed.high]
    for part in parts:
        before = part.copy()
        part[:2] = [np.iinfo(part.dtype).max, int(part[0]) + int(part[1]) + 1 & np.iinfo(part.dtype).max]
        assert packed.may_be_order() and not (part == before).all()
        assert int(packed.unpacked().max()) < size


def test_an_order_with_too_many_or_too_few_parts_is_refused() -> None:
    for size in (3, 70_000):
        right = Planes.of(order(size))
        for planes in {0, 1, 2} - {len(right.high)}:
            assert not Planes(right.low, np.zeros((planes, size), np.uint8)).may_be_order()
        assert not Planes(right.low, right.high[:, :-1]).may_be_order() or not len(right.high)
    assert not Planes(right.low[:-1], right.high).may_be_order()


STEPS = st.lists(st.sampled_from([0, 0, 1, 5, 254, 255, 256, 509, 510, 511, 70_000]), max_size=60)


@given(STEPS)
def test_ascending_places_survive_packing_in_about_a_byte_each(steps: list[int]) -> None:
    places = np.cumsum([0, *steps])[1:].astype(np.uint32)
    packed = Steps.of(places)
    assert packed.steps.nbytes == len(steps) + sum(step // 255 for step in steps)
    assert len(packed) == len(steps)
    back = unpacked(packed)
    assert back.dtype == np.uint32 and back.tolist() == places.tolist()
    last = int(places[-1]) if steps else -1
    assert packed.stay_below(last + 1)
    assert not steps or not packed.stay_below(last)


@pytest.mark.parametrize("steps", [[255], [0, 3, 255], [255] * 3])
def test_a_step_without_its_end_is_refused(steps: list[int]) -> None:
    assert not Steps(np.array(steps, np.uint8)).stay_below(1 << 40)
