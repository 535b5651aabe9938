import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.library.poets import names
from poetbot.storage import Home


@pytest.mark.parametrize("name", ["Emily", "Emily's 2nd poet", "李白", "Größe", "हिन्दी", "O’Hara & co"])
def test_a_name_in_any_script_is_kept(name: str) -> None:
    assert names.validate_name(f" {name}  ") == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "a:b",
        'a"b',
        "a\0b",
        "a\u202eb",
        "a\u200bb",
        ".x",
        "-x",
        "x.",
        "con",
        "NUL.txt",
        "x" * 61,
        "x" * 4000,
        "李" * 61,
        "\ud800",
        "...",
        "a\x07b",
        None,
        3,
    ],
)
def test_names_that_some_system_does_not_allow_are_errors(name: str) -> None:
    with pytest.raises(PoetBotError) as error:
        names.validate_name(name)
    assert str(error.value).isprintable() and len(str(error.value)) < 200


@given(st.text(max_size=80))
def test_a_valid_name_is_one_folder_and_does_not_change(name: str) -> None:
    try:
        kept = names.validate_name(name)
    except PoetBotError:
        return
    assert kept == names.validate_name(kept) and len(kept.encode()) <= 200
    assert not set(kept) & set('/\\:*?"<>|\0') and kept not in (".", "..")


def test_bundled_names_are_taken(poetbot_home: object) -> None:
    home = Home.default()
    with pytest.raises(PoetBotError, match="already"):
        names.check_available(home, "ENGLISH")
    assert names.free_name(home, "english") == "english 2"
