import shutil

import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.poets.folder import load, save_epoch
from poetbot.study.growth import MOST, through_epochs, through_temperatures, write_rows
from poetbot.writing import Request, write

REQUEST = Request("The lamp", 0.8, lines=2, rng=11)


@pytest.fixture(scope="module")
def grown(tiny_poet, tmp_path_factory):
    """A poet that has kept epochs 1 and 2, whose weights differ from each other and from its own."""
    folder = tmp_path_factory.mktemp("poets") / "grown"
    shutil.copytree(tiny_poet, folder)
    tensors = load(folder).tensors
    for epoch, factor in ((1, 0.2), (2, 0.6)):
        save_epoch(folder, epoch, {name: np.float32(factor) * tensor for name, tensor in tensors.items()})
    return load(folder)


def test_each_epoch_writes_as_write_epoch_does(grown):
    stages = through_epochs(grown, REQUEST)
    assert [stage.epoch for stage in stages] == [1, 2, None]
    for stage in stages:
        alone = write(load(grown.folder, stage.epoch), REQUEST)
        assert stage.poem.text.startswith("The lamp") and stage.poem.text == alone.text
    assert len({stage.poem.text for stage in stages}) > 1


def test_epochs_can_be_chosen(grown):
    assert [stage.epoch for stage in through_epochs(grown, REQUEST, [2, 2])] == [2, None]
    with pytest.raises(PoetBotError, match=r"from epoch 3\. Choose one of: 1, 2"):
        through_epochs(grown, REQUEST, [3])


def test_a_poet_without_epochs_is_an_error(tiny_poet):
    with pytest.raises(PoetBotError, match="kept no weights from earlier epochs"):
        through_epochs(load(tiny_poet), REQUEST)


def test_temperatures_stand_side_by_side_and_each_is_written_as_alone(grown):
    temperatures = (0.0, 0.5, 1.0, 2.0)
    stages = through_temperatures(grown, REQUEST, temperatures)
    assert [stage.temperature for stage in stages] == list(temperatures)
    for stage in stages:
        alone = write(grown, Request("The lamp", stage.temperature, lines=2, rng=11))
        assert stage.poem.text == alone.text and stage.poem.receipt == alone.receipt


@pytest.mark.parametrize("temperatures", [[], [0.5] * (MOST + 1), [-1.0], [float("nan")]])
def test_temperatures_out_of_bounds_are_errors(grown, temperatures):
    with pytest.raises(PoetBotError):
        through_temperatures(grown, REQUEST, temperatures)


def test_all_rows_have_the_same_seed_and_no_guard(tiny_poet):
    poet = load(tiny_poet)
    for requests in ([REQUEST, Request("Tell", lines=1)], [Request("Tell", lines=1, guard=4)]):
        with pytest.raises(PoetBotError, match="share one opening"):
            write_rows(poet, requests)
