"""Blends: the mixed distribution, the shared vocabulary, and what can't be blended."""

from pathlib import Path

import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.poets.blend import Blend, blend_name, blended, load_blend, parts_of, shared_vocabulary
from poetbot.poets.folder import Poet, load
from poetbot.poets.sampling import probabilities
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def blend() -> Blend:
    return load_blend("english:3,dickinson:1")


def test_the_next_unit_follows_the_weighted_geometric_mean(blend: Blend) -> None:
    state = blend.empty_seed.copy()
    blend.network.step(np.array([100], np.int32), state)
    logs = []
    for poet in blend.poets:
        own = poet.empty_seed.copy()
        poet.network.step(np.array([100], np.int32), own)
        logs.append(np.log(probabilities(own.logits[0], 1.0)[: len(blend.vocabulary)]))
    wanted = np.exp(0.75 * logs[0] + 0.25 * logs[1])
    found = probabilities(state.logits[0], 1.0)
    assert np.allclose(found, wanted / wanted.sum(), atol=1e-6)
    apart = abs(np.exp(logs[1]) - np.exp(logs[0])).max()
    assert abs(found - np.exp(logs[0])).max() > 0.1 * apart > 0.001  # and it is neither of them


def test_rows_of_the_state_are_independent(blend: Blend) -> None:
    one = blend.empty_seed.copy()
    blend.network.step(np.array([100], np.int32), one)
    rows = blend.empty_seed.repeated(3)
    rows.put(1, one)
    blend.network.step(np.array([7, 7, 7], np.int32), rows)
    blend.network.step(np.array([7], np.int32), one)
    taken = rows.take([1])
    assert np.allclose(taken.logits, one.logits, atol=1e-4)
    assert not np.allclose(rows.logits[0], rows.logits[1], atol=1e-2)
    taken.logits[:] = -np.inf
    assert np.isfinite(rows.logits).all()


def test_characters_that_fine_tuning_added_are_left_out(blend: Blend) -> None:
    english, dickinson = blend.poets
    assert len(dickinson.vocabulary) > len(english.vocabulary) == len(blend.vocabulary) == blend.network.size
    assert blend.vocabulary.symbols == english.vocabulary.symbols


def test_a_vocabulary_is_shared_up_to_a_few_characters_at_its_end() -> None:
    letters = Vocabulary([chr(97 + k) for k in range(20)])
    grown, other = Vocabulary([*letters.symbols, "ä"]), Vocabulary([*letters.symbols, "é"])
    assert shared_vocabulary(grown, letters) is letters
    common = shared_vocabulary(grown, other)
    assert common is not None and common.symbols == letters.symbols
    assert shared_vocabulary(letters, Vocabulary(letters.symbols[::-1])) is None
    assert shared_vocabulary(letters, Vocabulary([*letters.symbols[:10], *"ABCDEFGHIJ"])) is None
    units = ["a", "b", "ab", "ba", "++++\n"]
    one, another = Subwords(units, [(0, 1), (1, 0)]), Subwords(units, [(1, 0), (0, 1)])
    assert shared_vocabulary(one, another) is None and shared_vocabulary(one, letters) is None


def test_poets_and_weights_are_in_the_id_and_the_name(blend: Blend) -> None:
    assert blend.name == "english:3,dickinson:1"
    assert len({blend.id, load_blend("english:1,dickinson:1").id, blend.poets[0].id}) == 3
    assert blend.id == load_blend(blend.name).id
    entries = blend.reference()["blend"]
    assert [each["weight"] for each in entries] == [3, 1]
    assert [each["poet_id"] for each in entries] == [poet.id for poet in blend.poets]
    name = "one, two:0.123456789012,three:1e-07"
    assert blend_name(parts_of(name)) == name


def test_a_parent_needs_no_index_of_its_own(blend: Blend) -> None:
    assert [folder.parent.name for folder in blend.overlap_folders] == ["dickinson"]
    both = load_blend("english:1,modern:1,dickinson:1")
    assert [folder.parent.name for folder in both.overlap_folders] == ["modern", "dickinson"]


def test_words_are_those_of_all_poets(blend: Blend) -> None:
    counts, (english, dickinson) = blend.words(), (poet.words() for poet in blend.poets)
    assert set(counts) == set(english) | set(dickinson)
    assert counts["the"] == english["the"] + dickinson["the"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("english", "Give a blend as poets with weights"),
        ("english,modern", "Give a blend as poets with weights"),
        ("english:1", "Blend two or three poets, not 1."),
        ("english:1,modern:1,sonnets:1,dickinson:1", "Blend two or three poets, not 4."),
        ("english:1,english:2", "Name each poet of a blend once."),
        ("english:0,modern:1", "The weight of english must be a number above 0"),
        ("english:-1,modern:1", "The weight of english must be a number above 0"),
        ("english:nan,modern:1", "The weight of english must be a number above 0"),
        ("english:much,modern:1", "The weight of english must be a number above 0"),
        ("english:1,nobody:1", "There is no poet called nobody."),
        ("english:1,tang:1", "english and tang don't share a vocabulary."),
        ("english:1,story:1", "story writes word by word"),
    ],
)
def test_bad_blends_are_refused_in_one_sentence(text: str, message: str) -> None:
    with pytest.raises(PoetBotError, match=message):
        load_blend(text)


def test_three_poets_have_what_all_of_them_share(tiny_poet: Path) -> None:
    tiny = load(tiny_poet)
    assert isinstance(tiny.vocabulary, Vocabulary)
    grown = Poet("grown", tiny_poet, tiny.recipe, Vocabulary([*tiny.vocabulary.symbols, "ŭ"]), {}, {})
    found = blended([grown, tiny, tiny], parts_of("a:1,b:1,c:1"))
    assert found.vocabulary.symbols == tiny.vocabulary.symbols
