import csv
import io
import json
import math
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.poets.folder import BUNDLED
from poetbot.study.clouds import INKS
from poetbot.study.curves import LOSSES, MAX_POETS, curves, picture_of, points_of
from poetbot.study.history import FIGURES, Epoch, History, as_csv, read_history

BIT = math.log(2)  # in nats; charts show bits
SVG = "{http://www.w3.org/2000/svg}"
ROW = {
    "epoch": 1,
    "step": 9,
    "minutes": 0.5,
    "training_nats": 2.5,
    "validation_nats": 2.6,
    "learning_rate": 0.003,
    "sample": "a lamp",
}


def written(folder, *rows):
    text = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    (folder / "history.jsonl").write_text(text, encoding="utf-8")
    return folder


def history(name, *nats):
    return History(
        name, tuple(Epoch(k, k, k / 2, n, None, None, None, None, "") for k, n in enumerate(nats, 1))
    )


def test_the_epochs_are_read_as_they_were_written(tmp_path):
    (epoch,) = read_history(written(tmp_path, ROW), "mine").epochs
    assert (epoch.training_nats, epoch.minutes, epoch.sample) == (2.5, 0.5, "a lamp")
    assert epoch.training_accuracy is None


def test_the_bundled_poet_has_a_history():
    found = read_history(BUNDLED / "english")
    assert len(found.epochs) > 1
    assert found.epochs[-1].validation_nats < found.epochs[0].validation_nats


def test_a_poet_without_a_history_is_an_error(tmp_path):
    with pytest.raises(PoetBotError, match="has no training history"):
        read_history(tmp_path)


def test_an_empty_history_is_an_error(tmp_path):
    with pytest.raises(PoetBotError, match="hasn't finished an epoch"):
        read_history(written(tmp_path, ""))


@pytest.mark.parametrize(
    "rows",
    [
        ["{"],
        ["[]"],
        ["3"],
        [{**ROW, "epoch": "one"}],
        [{**ROW, "epoch": True}],
        [{**ROW, "training_nats": "low"}],
        ['{"epoch": 1, "training_nats": NaN}'],
        ['{"epoch": 1, "minutes": Infinity}'],
        [ROW, ROW],
        [{**ROW, "epoch": 2}, ROW],
        ["[" * 100_000],
    ],
)
def test_a_damaged_history_is_an_error(tmp_path, rows):
    with pytest.raises(PoetBotError, match="is damaged"):
        read_history(written(tmp_path, *rows))


@given(
    st.lists(
        st.dictionaries(st.sampled_from(list(ROW)), st.none() | st.integers() | st.floats() | st.text()),
        max_size=4,
    )
)
def test_any_rows_are_a_history_or_an_error(tmp_path_factory, rows):
    folder = written(tmp_path_factory.mktemp("poet"), *rows)
    try:
        assert len(read_history(folder).epochs) == len(rows)
    except PoetBotError as error:
        assert str(error).endswith(".")


def test_the_table_is_read_back_by_a_spreadsheet(tmp_path):
    first = read_history(written(tmp_path, {**ROW, "sample": '=1+1\n"lamp"'}), "mine")
    rows = list(csv.DictReader(io.StringIO(as_csv([first, history("=other", 2.0)]))))
    assert [row["poet"] for row in rows] == ["mine", "'=other"]
    assert rows[0]["sample"] == '\'=1+1\n"lamp"' and float(rows[0]["training_nats"]) == 2.5
    assert rows[1]["validation_nats"] == ""


def test_several_poets_have_lines_of_their_own():
    drawn = curves(
        [history("one", 3.0, 2.0), history("<two> & 二", 3.5, 2.5, 2.2)],
        by="minutes",
        figures=["training_nats"],
    )
    assert [line.points for line in drawn.lines] == [
        [(0.5, 3.0 / BIT), (1.0, 2.0 / BIT)],
        [(0.5, 3.5 / BIT), (1.0, 2.5 / BIT), (1.5, 2.2 / BIT)],
    ]
    assert len({(line.classes, tuple(line.marker)) for line in drawn.lines}) == 2
    assert [line.label for line in drawn.legend] == ["one", "<two> & 二"]
    assert (drawn.chart.x_label, drawn.chart.y_label) == ("minutes of training", "training loss (bits)")
    assert picture_of(drawn, "png").startswith(b"\x89PNG")
    texts = {node.text for node in ElementTree.fromstring(picture_of(drawn, "svg")).iter(f"{SVG}text")}
    assert {"one", "<two> & 二", "minutes of training", "training loss (bits)"} <= texts


def test_of_two_figures_the_first_is_dashed():
    epochs = [Epoch(k, k, k / 2, 3 / k, 4 / k, None, None, None, "") for k in (1, 2, 3)]
    drawn = curves([History("one", tuple(epochs))], say=lambda label: f"[{label}]")
    assert [line.dashed for line in drawn.lines] == [True, False]
    assert [line.label for line in drawn.legend] == [
        "one: [held-out loss (bits)]",
        "one: [training loss (bits)]",
    ]
    assert (drawn.chart.y_label, drawn.chart.x_ticks) == ("[loss (bits)]", [1, 2, 3])
    svg = picture_of(drawn, "svg").decode()
    assert (
        'class="line ink-1 dashed"' in svg
        and 'class="line ink-0"' in svg
        and 'class="line ink-0 dashed"' not in svg
    )


def test_curves_of_several_poets_differ_by_colour():
    drawn = curves([history(str(k), 3.0, 2.0) for k in range(MAX_POETS)], figures=["training_nats"])
    assert (
        len({line.classes for line in drawn.lines})
        == MAX_POETS
        == len(set(INKS[False]))
        == len(set(INKS[True]))
    )
    drawn = curves(
        [
            History(name, tuple(Epoch(k, k, k / 2, 3 / k, 4 / k, None, None, None, "") for k in (1, 2)))
            for name in ("one", "two")
        ]
    )
    assert [line.label for line in drawn.legend] == [
        "one",
        "two",
        "training loss (bits)",
        "held-out loss (bits)",
    ]
    assert 'class="plain dashed"' in picture_of(drawn, "svg").decode()


def test_equal_charts_are_equal_files():
    drawn = [curves([history("one", 3.0, 2.0)], figures=["training_nats"]) for _ in range(2)]
    for form in ("png", "svg"):
        assert len({picture_of(each, form, dark=True) for each in drawn}) == 1
        assert picture_of(drawn[0], form) != picture_of(drawn[0], form, dark=True)


def test_a_long_history_keeps_its_ends():
    drawn = curves([history("one", *range(1, 1001))], figures=["training_nats"])
    (line,) = drawn.lines
    assert len(line.points) == 200 and (line.points[0], line.points[-1]) == ((1, 1 / BIT), (1000, 1000 / BIT))
    assert len(line.marked_points) <= 25 and line.marked_points[-1] == (1000, 1000 / BIT)


def test_missing_figures_have_no_point():
    epochs = (*history("one", 3.0).epochs, Epoch(2, None, None, 2.0, None, None, None, None, ""))
    assert points_of(History("one", epochs), "minutes", "training_nats") == [(0.5, 3.0 / BIT)]


@pytest.mark.parametrize(
    ("histories", "options", "says"),
    [
        ([history("one", 3.0)], {"by": "weather"}, "by epoch or by minutes"),
        ([history("one", 3.0)], {"figures": ["beauty"]}, "one or two"),
        ([history("one", 3.0)], {"figures": FIGURES}, "one or two"),
        ([history("one", 3.0)], {"figures": ["validation_nats"]}, "None of these poets"),
        ([history("one", None)], {"figures": LOSSES}, "None of these poets"),
        ([], {}, "Choose fewer"),
        ([history("one", 3.0)] * (MAX_POETS + 1), {}, "Choose fewer"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(histories, options, says):
    with pytest.raises(PoetBotError, match=says):
        curves(histories, **options)


def test_other_pictures_are_refused():
    with pytest.raises(PoetBotError, match=r"\.png or \.svg"):
        picture_of(curves([history("one", 3.0)]), "gif")
