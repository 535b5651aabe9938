"""The benchmarks that measure networks, and poets beside other models, measure what they say."""

import ast
import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyppmd
import pytest

from benchmarks import all as every
from benchmarks import (
    article,
    average,
    baselines,
    blind_reading,
    figures,
    fine_tuning,
    framings,
    kept,
    quality,
)
from benchmarks.baselines import NGrams, by_ppmd
from benchmarks.figures import Figure
from benchmarks.framings import Framing, Network, nats, sample, train
from poetbot.poem import MARKER, Poem
from poetbot.poets.folder import load, poet_id, save_card, save_network

ROOT = Path(__file__).resolve().parents[1]
MODULES = {path.stem for path in (ROOT / "benchmarks").glob("*.py")} - {
    *("__init__", "average", "cluster", "figures", "held_out", "rhyme_book", "sizes"),
}
POEMS = str(ROOT / "corpora" / "english.jsonl")
RUNS = {
    "all": "--quick --only filter,verse,integers",
    "app": "",
    "article": "english --minutes 0.01 --cache {tmp}",
    "baselines": "english --count 1 --cache {tmp}",
    "blind_reading": "write english english:2 --out {tmp}/pairs.md --key {tmp}/key.json",
    "blind_themes": "write english --out {tmp}/sheet.md --key {tmp}/key.json",
    "bringing": "",
    "class_of_twenty": "--people 2 --suggesting 1 --rounds 1",
    "empty_seed": "",
    "filter": "",
    "fine_tuning": "--corpora Dickinson --epochs 1 --average 0.9",
    "first_step": "",
    "forms": "english 1 haiku acrostic",
    "framings": f"--corpus {POEMS} --seconds 0.05 --units 4",
    "integers": "",
    "kept": "write english --out {tmp}/sheet.md --key {tmp}/key.json",
    "layers": "english-poems --characters 3000 --minutes 0.02 --most 1 --out {tmp}/out --work {tmp}/work --set window=8",
    "memory": "",
    "new_poems": "",
    "overlap": f"{POEMS} {POEMS}",
    "ppmd": "",
    "pytorch": "writing",
    "quality": "english --count 2 --cache {tmp} --out {tmp}/page.md",
    "quality_per_minute": f"{POEMS} --minutes 0.05",
    "study": "",
    "suggesting": "english 1",
    "teaching": "",
    "theme": "english 1",
    "tidy": "english",
    "titles": "--poems 11",
    "training": "",
    "trigram": "",
    "verse": "",
    "writing": "",
}
"""What each benchmark is run with for a moment."""

MISSING = ("shared", "The books are not there", "No module named 'torch'", "Executable doesn't exist")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", sorted(MODULES))
def test_every_benchmark_runs_for_a_moment(name: str, tmp_path: Path) -> None:
    arguments = [each.format(tmp=tmp_path) for each in RUNS[name].split()]
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *arguments],
        cwd=ROOT,
        env={**os.environ, "BENCHMARK_TINY": "1", "POETBOT_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=600,
    )
    if done.returncode and any(each in done.stderr for each in MISSING):
        pytest.skip(done.stderr.splitlines()[-1])
    assert done.returncode in (0, 1), done.stderr  # 1: a bar is missed, as it must be with such sizes
    assert "Traceback" not in done.stderr, done.stderr


def test_averaged_weights_lie_between_those_of_two_poets(tiny_poet: Path, tmp_path: Path) -> None:
    later = tmp_path / "later"
    shutil.copytree(tiny_poet, later)
    before = load(tiny_poet)
    tensors = {name: weights + np.float32(0.5) for name, weights in before.tensors.items()}
    save_network(later, before.recipe, before.vocabulary, tensors)
    training = {"minutes": 1.0, "earlier": {"id": before.id}}
    card = {
        **before.card,
        "training": training,
        "id": poet_id(before.recipe, before.vocabulary, tensors),
    }
    save_card(later, card)
    average.main([str(later), str(tiny_poet), "0.6"])
    found = load(later)
    assert found.card["training"] == {**training, "averaged_with": {"id": before.id, "share": 0.6}}
    assert found.card["id"] == found.id
    for name, weights in found.tensors.items():
        np.testing.assert_allclose(weights, before.tensors[name] + 0.2, atol=2e-3)
    with pytest.raises(SystemExit, match="averaged already"):
        average.main([str(later), str(tiny_poet), "0.6"])


def test_the_page_of_figures_is_what_its_data_say() -> None:
    text = figures.PAGE.read_text("utf-8")
    assert figures.page(text, figures.read()) == text, "Run `python -m benchmarks.figures`."


def test_every_row_of_figures_says_what_was_measured_where_when_and_how() -> None:
    rows = figures.read()
    assert len({(row.topic, row.name) for row in rows}) == len(rows)
    for row in rows:
        assert all((row.topic, row.name, row.value != "", row.command, row.machine)), row.name
        date.fromisoformat(row.date)
        assert row.is_met is None or row.bar, row.name


def test_a_bar_is_met_or_missed() -> None:
    row = Figure("Speed", "a lamp", 14.0, "ms", "≤ 15")
    assert (row.shown, row.shown_bar) == ("14 ms", "≤ 15 ms, met")
    assert replace(row, value=15.1).shown_bar == "≤ 15 ms, **missed**"
    assert replace(row, bar="≥ 1,400", value=1399.0).is_met is False
    assert replace(row, bar="", least=9.0, most=20.0).shown == "14 ms (9–20)"
    assert replace(row, value="33 of 40", bar="≥ 80 %", met=True, unit="").shown_bar == "≥ 80 %, met"
    for unsaid in ({"bar": "no worse"}, {"value": "33 of 40"}):
        with pytest.raises(ValueError, match="met"):
            _ = replace(row, **unsaid).is_met


def test_what_is_measured_again_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    old = [Figure("Speed", "a lamp", 14.0), Figure("Size", "a lamp", 3.0), Figure("Speed", "a kettle", 2.0)]
    found = figures.renewed(
        old, [Figure("Speed", "a lamp", 9.0), Figure("Speed", "a wall", 1.0)], "measure it"
    )
    assert [(row.topic, row.name, row.value) for row in found] == [
        *(
            ("Speed", "a lamp", 9.0),
            ("Size", "a lamp", 3.0),
            ("Speed", "a kettle", 2.0),
            ("Speed", "a wall", 1.0),
        ),
    ]
    assert found[0].command == "measure it" and found[0].machine and found[0].date
    assert figures.report(found) == 0 and figures.report([Figure("Speed", "a lamp", 9.0, bar="≥ 10")]) == 1
    figures.write(found, tmp_path / "figures.json")
    assert figures.read(tmp_path / "figures.json") == found
    assert [line for line in figures.tables(found).splitlines() if line.startswith("#")] == [
        "## Speed",
        "## Size",
    ]


def test_all_benchmarks_that_run_together_can_be_measured_quickly() -> None:
    for name in (*every.NAMES, *every.QUALITY):
        tree = ast.parse(
            (ROOT / "benchmarks" / f"{name}.py").read_text("utf-8")
        )  # to import them takes seconds
        found = {each.name: each.args.args for each in tree.body if isinstance(each, ast.FunctionDef)}
        assert found["measure"][0].arg == "quick", name


def test_a_speed_is_also_a_ratio() -> None:
    assert every.with_ratio(Figure("Speed", "a lamp", 20.0, "ms"), 0.1).compared == "0.2 yardsticks"
    assert every.with_ratio(Figure("Speed", "a lamp", 20.0, "MB/s"), 0.1).compared == "2 MB a yardstick"
    turned = Figure("Speed", "a lamp", 20.0, "ms", compared="10 ms in turn")
    assert every.with_ratio(turned, 0.1) == turned


def framing(name: str, window: int = 4) -> Framing:
    return next(each for each in framings.framings(window) if each.name == name)


def ids_of(text: str) -> np.ndarray:
    return np.array([ord(character) for character in text], np.int32)


def text_of(row: np.ndarray) -> str:
    return "".join("_" if k < 0 else chr(k) for k in row)


@pytest.mark.parametrize(
    ("name", "window", "read", "wanted"),
    [
        ("one-to-one", 3, "h", "e"),
        ("many-to-one", 3, "hel", "l"),
        ("one-to-many", 3, "h__", "ell"),
        ("many-to-many", 4, "hell", "ello"),
        ("many-to-many, carried", 4, "hell", "ello"),
    ],
)
def test_framings_have_the_inputs_and_targets_of_the_docs(name, window, read, wanted):
    each, ids, start = framing(name, window), ids_of("hello"), np.array([0])
    assert text_of(each.inputs(ids, start)[0]) == read
    assert text_of(each.wanted(ids, start, each.targets)[0]) == wanted


@pytest.mark.parametrize("name", ["one-to-one", "many-to-one", "one-to-many", "many-to-many"])
def test_every_held_out_character_is_predicted_once_from_what_stands_before_it(name):
    each, ids, first = framing(name), np.arange(100, dtype=np.int32), 91
    starts = each.starts(first, len(ids))
    wanted = each.wanted(ids, starts, each.writes)
    assert wanted.ravel().tolist() == list(range(91, 100))
    assert (each.inputs(ids, starts).max(axis=1) < wanted[:, 0]).all()
    assert (each.inputs(ids, starts)[:, each.reads - 1] == wanted[:, 0] - 1).all()


@pytest.mark.parametrize("each", framings.framings(4)[1:], ids=lambda each: each.name)
def test_the_loss_is_the_same_however_many_are_evaluated_at_once(each, monkeypatch):
    network = Network(5, units=6, layers=2)
    ids = np.random.default_rng(0).integers(5, size=61).astype(np.int32)
    together = nats(network, each, ids, 31)
    monkeypatch.setattr(framings, "TOGETHER", 7)
    assert nats(network, each, ids, 31) == pytest.approx(together, abs=1e-5)
    assert len(sample(network, each, ids[:8])) == 100


def ticking(steps: int) -> Callable[[], float]:
    """Return a clock that goes one second in so many calls."""
    calls = iter(range(10**6))
    return lambda: next(calls) / steps


@pytest.mark.slow
def test_the_framings_reach_what_they_can_see():
    # Which character follows one of a pair is told by the one before it: one character leaves half of them open.
    ids = np.array([0, 0, 1, 1] * 300, np.int32)
    reached = {}
    for each in framings.framings(8):
        network = Network(2, units=16, layers=1)
        steps, seconds = train(network, each, ids[:1080], 1.0, ticking(120))
        assert (steps, seconds) == (120, 1.0)
        reached[each.name] = nats(network, each, ids, 1080)
    assert reached["one-to-one"] == pytest.approx(math.log(2), abs=0.01)
    # Of its three characters the second is always the other one.
    assert 2 / 3 * math.log(2) - 0.001 < reached["one-to-many"] < math.log(2)
    for name in ("many-to-one", "many-to-many", "many-to-many, carried"):
        assert reached[name] < math.log(2) / 2, name


@pytest.mark.slow
def test_the_table_holds_every_framing(tmp_path, capsys):
    text = tmp_path / "text.txt"
    text.write_text("to be or not to be, that is\n" * 200, encoding="utf-8")
    framings.main(["--corpus", str(text), "--seconds", "0.05", "--units", "4", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert [row["framing"] for row in told["framings"]] == [each.name for each in framings.framings()]
    for row in told["framings"]:
        assert 0 < row["nats_per_character"] < 4 and len(row["sample"]) == 100 and row["steps"] >= 1
    assert len({row["held_out_characters"] for row in told["framings"]}) == 1
    assert framings.table(told["framings"]).count("\n") > 10


@pytest.mark.parametrize("arguments", [["--seconds", "nan"], ["--units", "0"], ["--corpus", "nowhere.txt"]])
def test_missing_data_is_an_error(arguments):
    with pytest.raises(SystemExit) as stopped:
        framings.main(arguments)
    assert stopped.value.code


VERSE = ("A lamp, a lamp\nin every window.\n", "The rain, a lamp,\nand no one asks.\n", "No lamp at all.\n")


@pytest.mark.parametrize("order", [2, 3])
def test_all_chances_at_once_are_those_that_nltk_gives_one_by_one(order):
    model = NGrams([text + MARKER for text in VERSE], order)
    for context in ((), ("a",), (" ", "l"), ("q", "a"), ("<s>",) * (order - 1)):
        context = context[-(order - 1) :] if context else context
        found = model.chances(tuple(context))
        assert found == pytest.approx([model.model.score(each, context) for each in model.characters])
    charged = math.log2(len(model.characters) + 1)
    assert model.bits(["\u2603"]) == pytest.approx(charged)
    assert model.bits(VERSE) < model.bits(["lamps asking rains\n"]) < charged


def test_both_models_write_poems_like_those_they_read():
    rng = np.random.default_rng(1)
    model = NGrams([text + MARKER for text in VERSE], 8)
    made = [baselines.cut(model.poem(0.2, 1, rng), 1) for _ in range(5)]
    assert all(poem.endswith("\n") and set(poem.split()) <= set(" ".join(VERSE).split()) for poem in made)
    texts = [text + MARKER for text in VERSE * 20]
    poems = list(by_ppmd(texts, 5, 2, rng))
    assert len(poems) == 5 and all(0 < len(poem.splitlines()) <= 2 for poem in poems)
    assert sum(poem.splitlines()[0] in "\n".join(VERSE) for poem in poems) >= 3


def test_ppmd_draws_again_where_random_bytes_are_no_code():
    rng, texts = np.random.default_rng(16), [text + MARKER for text in VERSE * 20]
    training, room = "".join(texts).encode(), 22 * 2000
    encoded = pyppmd.Ppmd7Encoder(baselines.PPMD_ORDER, baselines.MEMORY).encode(training)
    with pytest.raises(ValueError):  # so this seed is one of the few
        decoder = pyppmd.Ppmd7Decoder(baselines.PPMD_ORDER, baselines.MEMORY)
        decoder.decode(encoded + rng.bytes(room), len(training) + room)
    assert len(list(by_ppmd(texts, 20, 2, np.random.default_rng(16)))) == 20


def test_the_page_of_quality_has_people_the_poet_and_the_models(tiny_poet, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(quality, "TEMPERATURES", (0.3,))
    monkeypatch.setattr(quality, "LINES", {False: 2, True: 2})
    monkeypatch.setattr(quality.PoetRegistry, "guard", lambda shelf, name, words: words)
    poet = load(tiny_poet)
    told = {"corpus": poet.card["corpus"].get("fingerprint", ""), "people": list(VERSE)}
    told["models"] = {"others": {"bits": 1.5, "poems": {"1.0": list(VERSE)}}}
    assert "|" in quality.page_of(poet, 3, tmp_path)
    assert "some comparisons are missing" in capsys.readouterr().err
    (tmp_path / "tiny.json").write_text(json.dumps(told))
    quality.main(
        [str(tiny_poet), "--count", "3", "--cache", str(tmp_path), "--out", str(tmp_path / "page.md")]
    )
    page = (tmp_path / "page.md").read_text()
    rows = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("|")]
    assert {len(row) for row in rows[-4:]} == {quality.COLUMNS.count("|") + 1}
    people, tiny, others = rows[-3:]
    assert [row[0].strip() for row in (people, tiny, others)] == ["people", "**tiny**", "others"]
    assert people[3:-1] == others[3:-1] and others[2].strip() == "1.500"  # the same poems: the same figures
    assert others[-1].strip() == "0.00" and all(f"Seed {rng}:" in page for rng in (1, 2, 3))


@pytest.mark.slow
def test_the_network_of_the_article_resumes_and_writes(tmp_path):
    text = "ab\n" * 200
    symbols = sorted(set(text))
    ids = np.array([symbols.index(each) for each in text], np.int32)
    model, kept = article.network(len(symbols), units=16, window=6), tmp_path / "kept.npz"
    minutes, targets = article.trained(model, ids, 0.2, kept, 1)
    again = article.network(len(symbols), units=16, window=6)
    assert article.trained(again, ids, minutes, kept, 1)[1] == targets
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), again.get_weights(), strict=True))
    assert article.trained(again, ids, 0.4, kept, 2)[1] > targets > 0
    unseen = [np.array([symbols.index(each) for each in "ab\nab\n"])]
    found = article.bits(again, ids, unseen, len(symbols), 50, np.random.default_rng(3))
    assert found < 0.5 * math.log2(3)
    strange = article.bits(again, ids, [np.full(9, len(symbols))], len(symbols), 20, np.random.default_rng(3))
    assert strange == pytest.approx(math.log2(4))
    written = article.poems(again, ids[None, :6], symbols, 3, np.random.default_rng(4))
    assert list(written) == ["0.3", "0.5", "0.7", "1.0"] and written["0.3"] == ["ab\nab\nab\n"]


def test_the_temperatures_are_compared_with_people():
    people = {"words": 0.98, "novel": 0.98, "distinct": 0.97, "overlap": 0.01, "longest": (4.0, 7)}
    wild = {**people, "words": 0.86, "longest": (3.0, 4)}
    tame = {**people, "novel": 0.7, "overlap": 0.5, "longest": (5.0, 9)}
    said = quality.defaults({0.5: tame, 0.7: people, 1.0: wild}, people, 200)
    assert "77 at 0.5, 0 at 0.7, 12 at 1.0. The nearest is 0.7. The default is 0.6" in said
    assert (
        "The longest in 200 poems at 0.7, written without it, has 7 words; in people's poems, it has 7."
        in said
    )


def test_stanzas_are_as_far_apart_as_their_shares():
    assert quality.distance({4: 2, 2: 2}, {4: 10}) == 0.5
    assert quality.distance({4: 1}, {2: 1}) == 1 and quality.distance({}, {2: 1}) is None


def test_poems_to_read_and_those_that_judge_are_disjoint_and_always_the_same() -> None:
    rng = np.random.default_rng(0)
    poems = [Poem(" ".join(rng.choice(list("abcdefghij"), 30)), title=str(number)) for number in range(50)]
    size = len(poems[0].text)
    brought, judging = fine_tuning.cut(poems, 9 * size - 1)
    assert len(brought) == 9 and len(judging) == 10
    assert not {poem.text for poem in brought} & set(judging)
    assert (brought, judging) == fine_tuning.cut(poems, 9 * size - 1)
    assert fine_tuning.cut(poems, 3 * size)[1] == judging  # whatever the size
    assert len(fine_tuning.cut(poems, 100 * size)[0]) == 40  # as many as there are


def test_a_blind_reading_counts_for_the_poet_that_was_shown_in_that_place():
    key = [["ada", "bob"], ["bob", "ada"], ["bob", "ada"]]
    assert blind_reading.tally(key, "1 A\n2: B\n3. =\n") == {"ada": 2, "neither": 1}
    with pytest.raises(SystemExit, match="2, 3"):
        blind_reading.tally(key, "1 A")


def test_a_blind_reading_shows_each_opening_once_by_each_poet_in_random_order(monkeypatch):
    monkeypatch.setattr(
        blind_reading, "poems_of", lambda poet: [f"{poet} {k}\n" for k in range(len(blind_reading.OPENINGS))]
    )
    page, key = blind_reading.pairs(["ada", "bob"], rng=0)
    poems = [line.strip() for line in page.splitlines() if line.startswith("    ")]
    assert poems == [f"{poet} {k}" for k, pair in enumerate(key) for poet in pair]
    assert {tuple(pair) for pair in key} == {("ada", "bob"), ("bob", "ada")}


def test_kept_suggestions_are_counted_for_the_poet_that_wrote_them():
    key = [["ada", "bob", "ada"], ["bob", "bob", "ada"]]
    counted = kept.tally(key, "1: K L W\n2. l w L\n")
    assert counted == {"ada": {"K": 1, "W": 1, "L": 1}, "bob": {"L": 2, "W": 1}}
    for incomplete in ("1 K L W", "1 K L W\n2 K L", "1 K L W\n2 K L X"):
        with pytest.raises(SystemExit, match="2"):
            kept.tally(key, incomplete)


def test_the_sheet_of_suggestions_does_not_tell_the_poets(monkeypatch):
    monkeypatch.setattr(
        kept,
        "suggestions_of",
        lambda poet: [[f"{poet[::-1]} {k} {n}" for n in range(3)] for k in range(len(kept.POEMS))],
    )
    page, key = kept.sheet(["ada lovelace", "bob"], rng=0)
    shown = [line.split(". ", 1)[1] for line in page.splitlines() if line[:1].isdigit()]
    assert [poet[::-1] for poets in key for poet in poets] == [line.rsplit(" ", 2)[0] for line in shown]
    assert "ada lovelace" not in page and len(set(shown)) == 6 * len(kept.POEMS)
    assert len({tuple(poets) for poets in key}) > 1
    assert all(2 <= poem.count("\n") <= 6 and poem.endswith("\n") for poem in kept.POEMS)
