from poetbot.corpus.slurs import STEMS, has_slur


def test_only_whole_words_and_their_forms_are_found() -> None:
    for stem in STEMS:
        assert has_slur(stem) and has_slur(f"the {stem.upper()}s, they said") and has_slur(f"half-{stem}")
        assert not has_slur(f"x{stem}")
    assert not has_slur("A rain of light on the raccoon's hall, and snickers.")


def test_innocent_words_that_begin_like_a_slur() -> None:
    assert not has_slur("The niggardly steward, an injunction and Dagon's fallen house")
