"""What the controls of the Overlap tab do: the handlers, without a browser."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from poetbot.corpus.loading import read_text
from poetbot.documents.formats import DOCUMENT_SUFFIXES
from poetbot.errors import PoetBotError
from poetbot.locale import locale
from poetbot.overlap import STEPS
from poetbot.overlap.input_text import MOST_BYTES, clean_text
from poetbot.overlap.written_words import typed_parts
from poetbot.web.components.island import handling
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import Session
from poetbot.web.tabs.overlap import handlers as overlap_handlers
from poetbot.web.tabs.overlap.handlers import Download, Handlers, given_characters, read_upload
from tests.documents.samples import fodt, odt_lines
from tests.documents.test_formats import LAMP, MADE

ENGLISH = locale("en")
BIRD = "One small grey bird,\nupon the sill it sang"


@pytest.fixture
def handlers(poet_root: Path) -> Handlers:
    return Handlers(PoetRegistry(poet_root), ENGLISH)


def last(values: Any) -> dict[str, Any]:
    return list(values)[-1]


def error(values: Any) -> str:
    said = last(values)["error"]
    assert "Traceback" not in said and said
    return str(said)


def save(handlers: Handlers, session: Session, kind: Any) -> Any:
    handle = handling(handlers.save, Download, ENGLISH)
    return handle(gr.EventData(None, {"kind": kind}), None, session)


def test_a_check_shows_progress_and_then_the_report(handlers: Handlers) -> None:
    session = Session()
    values = list(handlers.check(session, BIRD, "tiny", "", False))
    shares = [value["share"] for value in values[:-1]]
    assert len(shares) == STEPS + 1 and shares == sorted(shares) and shares[-1] < 1
    assert "7 words" in values[-1]["report"] and len(values[-1]["notes"]) == 1
    assert "Bird" in values[-1]["notes"][0]


def test_a_check_can_be_stopped_at_every_step(handlers: Handlers) -> None:
    for steps in range(1, STEPS + 2):
        session = Session()
        check = handlers.check(session, BIRD, "tiny", "", False)
        for _ in range(steps):
            next(check)
        check.close()
        assert session.checked is None


def test_first_words_are_left_out_unless_they_are_to_be_checked(handlers: Handlers) -> None:
    session = Session()
    for too, seed_words in ((False, 4), (True, 0)):
        last(handlers.check(session, f"\n {BIRD}", "tiny", "One small grey bird, ", too))
        assert session.checked and session.checked.report["seed_words"] == seed_words
        assert not any("further on" in notice for notice in session.checked.notices)
    last(handlers.check(session, BIRD, "tiny", "Two small birds", False))
    assert session.checked.report["seed_words"] == 0 and session.checked.notices == (
        "The text doesn't begin with your first words, so they weren't left out.",
    )


def test_what_a_person_typed_in_a_poem_of_the_page_is_left_out(handlers: Handlers) -> None:
    session = Session()
    poem = "the lamp\none small grey bird\nis low\nupon the sill it sang"
    handlers.use_poem(session, {"text": poem, "typed": [[0, 8], [29, 36]], "poet": "tiny"})
    for given, too, own in (
        ("the lamp", False, 4),
        ("", False, 2),
        ("the lamp one", False, 2),
        ("", True, 0),
    ):
        value = last(handlers.check(session, poem, "tiny", given, too))
        assert session.checked and session.checked.report["seed_words"] == own
        assert (f"Your own {own} words are left out." in value["report"]) == bool(own)
        assert ("They include what you typed further on" in value["report"]) == bool(own)
    # The line isn't left out of another text.
    last(handlers.check(session, poem + ".", "tiny", "the lamp", False))
    assert session.checked.report["seed_words"] == 2


def test_what_was_typed_is_not_what_poems_have_in_common(handlers: Handlers) -> None:
    typed, written = "one small grey bird upon the sill", "row the boat home again"
    text = f"the lamp\n{typed}\n{written}\n%\n{written}\n{typed}"
    parts = [[0, 8], [9, 9 + len(typed)], [text.rindex(typed), len(text)]]
    session = Session()
    for own, longest in (([], typed), (parts, written)):
        handlers.use_poem(session, {"text": text, "typed": own})
        last(handlers.check(session, text, "tiny", "", False))
        assert session.checked and session.checked.among
        assert session.checked.among["longest"]["text"] == longest


def test_a_page_may_not_name_very_many_typed_parts() -> None:
    assert len(typed_parts([[k, k + 1] for k in range(20_000)], 100_000)) == 20_000
    for bad in ([[k, k + 1] for k in range(20_001)], "12", {"1": 2}, 7, [[1, 0]], [[0, 1], [0, 2]]):
        assert typed_parts(bad, 100_000) == ()


def test_the_first_words_may_have_several_lines() -> None:
    assert given_characters("  a\nb c", "a\r\nb") == 5
    assert given_characters("a", None) == given_characters("a", " \n") == 0
    assert given_characters("a", "b") is None


@pytest.mark.parametrize(
    "text", ["... !?", "🦉🦉", "\0\0", "<script>", "שלום עולם", "e\u0301\u0301" * 90, "\ud800 one"]
)
def test_odd_texts_get_a_report(handlers: Handlers, text: str) -> None:
    session = Session()
    value = last(handlers.check(session, text, "tiny", "", False))
    json.dumps(value).encode()
    assert "<script" not in value["report"]
    assert "\ud800" not in session.checked.text  # type: ignore[union-attr]
    assert (
        save(handlers, session, "json")["file"].encode() and save(handlers, session, "html")["file"].encode()
    )


def test_bad_input_gets_one_sentence(handlers: Handlers, poets_without_index: Path) -> None:
    def said(text: Any, poet: Any = "tiny", of: Handlers = handlers) -> str:
        return error(of.check(Session(), text, poet, "", False))

    assert (
        "nothing to check" in said(" \n")
        and "nothing to check" in said(None)
        and "nothing to check" in said(7)
    )
    assert "at most 5 MB" in said("é" * (MOST_BYTES // 2 + 1)) and "at most 5 MB" in said(
        "a" * (MOST_BYTES + 1)
    )
    assert "<b>" in said("a", "<b>") and "poetbot train" in said("a", None) and "no poet" in said("a", ["x"])
    without = Handlers(PoetRegistry(poets_without_index), ENGLISH)
    assert "index of its training poems is missing" in said("a", "tiny", without)


def test_a_check_of_nothing_takes_the_report_away(handlers: Handlers) -> None:
    session = Session()
    last(handlers.check(session, BIRD, "tiny", "", False))
    found = last(handlers.check(session, "", "tiny", "", False))
    assert "nothing to check" in found["error"] and found["report"] == "" and session.checked is None


def test_first_words_of_another_text_go_when_a_file_is_opened(handlers: Handlers, tmp_path: Path) -> None:
    file = tmp_path / "bird.txt"
    file.write_text(BIRD, "utf-8")
    for before, after in (("the lamp is low", ""), ("One small", "One small"), ("", ""), (None, "")):
        assert handlers.open(Session(), str(file), before)[2] == after


def test_a_damaged_index_gets_one_sentence(poet_root: Path, tmp_path: Path) -> None:
    shutil.copytree(poet_root / "tiny", tmp_path / "tiny")
    ranks = tmp_path / "tiny" / "overlap" / "suffixes.npy"
    ranks.write_bytes(ranks.read_bytes()[:-9])
    handlers = Handlers(PoetRegistry(tmp_path), ENGLISH)
    assert "damaged" in error(handlers.check(Session(), BIRD, "tiny", "", False))


def test_a_file_is_read_checked_and_taken_off_the_disk(handlers: Handlers, tmp_path: Path) -> None:
    session, file = Session(), tmp_path / "draft.MD"
    file.write_bytes("\ufeffOne small grey bird\r\nupon".encode())
    value, box, _ = handlers.open(session, str(file), "")
    assert file.exists() and box.value == "One small grey bird\nupon" and value["working"]
    found = last(handlers.check_opened(session, "tiny", "", False))
    assert "draft.MD: overlap with the training poems of tiny" in found["report"]
    assert save(handlers, session, "json")["name"] == "draft-overlap.json"


def test_a_markdown_file_is_checked_as_its_reader_sees_it(handlers: Handlers, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text(
        "---\ntitle: Bird\n---\n\nOne **small** grey [bird](http://a.b)<br>upon\n\n%\n\nthe sill[^1]\n\n[^1]: a note\n"
    )
    assert (
        handlers.open(Session(), str(file), "")[1].value.strip()
        == "One small grey bird\nupon\n\n%\n\nthe sill"
    )


def test_a_large_file_stays_out_of_the_box_and_is_checked_all_the_same(
    handlers: Handlers, tmp_path: Path
) -> None:
    session, file = Session(), tmp_path / "long.txt"
    file.write_text("one small grey bird upon the sill\n" * 4000)
    _, box, _ = handlers.open(session, str(file), "")
    assert box.value == "" and "long.txt" in box.placeholder
    value = last(handlers.check(session, "", "tiny", "", False))
    assert session.checked and session.checked.report["words"] == 28_000 and len(value["report"]) < 2_000_000


def test_files_that_are_not_text_get_an_error(tmp_path: Path) -> None:
    for name, data, sentence in (
        ("a.rtf", b"{\\rtf1 a gull}", r"as one of \.txt, \.md, .*\.docx"),
        ("a.pdf", b"%PDF-", "can't be read as a PDF"),
        ("a.docx", b"a gull", "can't be read as a Word document"),
        ("a.txt", b"", "empty"),
        ("b.txt", b"%PDF-1", "a PDF"),
        ("c.txt", b"a\0b", "zero byte"),
        ("d.txt", b"\xff\xfe\x00", "damaged"),
        ("e.txt", b"a" * (MOST_BYTES + 1), "at most 5 MB"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(PoetBotError, match=sentence):
            read_upload(str(tmp_path / name), ENGLISH)
    for path in (None, 7, str(tmp_path / "gone.txt")):
        with pytest.raises(PoetBotError, match="didn't arrive"):
            read_upload(path, ENGLISH)


@pytest.mark.parametrize("ending", sorted(DOCUMENT_SUFFIXES))
def test_a_document_is_read_as_check_reads_it_and_apart_from_the_app(
    ending: str, handlers: Handlers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / f"draft{ending}"
    file.write_bytes(MADE[ending])
    box = handlers.open(Session(), str(file), "")[1]
    assert box.value == read_text(file) and "\n".join(LAMP) in box.value
    apart: list[Any] = []
    monkeypatch.setattr(overlap_handlers, "call", lambda *asked: apart.append(asked) or "a gull")
    assert read_upload(str(file), ENGLISH) == (file.name, "a gull") and len(apart) == 1


def test_pictures_of_a_document_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "large.docx"
    file.write_bytes(MADE[".docx"])
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/media/photo.png", bytes(MOST_BYTES + 1))
    assert "\n".join(LAMP) in read_upload(str(file), ENGLISH)[1]
    file = tmp_path / "long.fodt"
    file.write_bytes(fodt(odt_lines(["a gull and a kettle " * 1000] * 300)))
    with pytest.raises(PoetBotError, match="at most 5 MB"):
        read_upload(str(file), ENGLISH)


def test_the_current_poem_can_be_used(handlers: Handlers) -> None:
    session = Session()
    for nothing in (None, 7, {}, {"text": " \n"}, {"text": 7, "typed": [[0, 1]]}):
        with pytest.raises(PoetBotError, match="no poem yet"):
            handlers.use_poem(session, nothing)
    standing = {"text": "the lamp is low\nand grey", "typed": [[0, 8]], "poet": "tiny"}
    assert [
        each["value"] if isinstance(each, dict) else each for each in taken(handlers, session, standing)
    ] == [
        "the lamp is low\nand grey",
        "the lamp",
        "tiny",
    ]
    assert taken(handlers, session, {**standing, "poet": "../gone"})[2] == gr.skip()
    assert taken(handlers, session, {**standing, "typed": [[20, 8]]})[1] == ""
    long = {"text": "a long poem\n" + "the lamp is low\n" * 10_000}
    box, given, _ = taken(handlers, session, long)
    assert box["value"] == "" and "a long poem" in box["placeholder"] and given == ""
    assert session.opened == ("a long poem", long["text"])


def taken(handlers: Handlers, session: Session, standing: Any) -> list[Any]:
    update, *rest = handlers.use_poem(session, standing)
    assert update["filled"]
    return [each.constructor_args if isinstance(each, gr.Textbox) else each for each in rest]


def test_nothing_is_saved_before_a_check(handlers: Handlers) -> None:
    session = Session()
    assert save(handlers, session, "json") == gr.skip()
    last(handlers.check(session, BIRD, "tiny", "", False))
    for kind in ("exe", ["json"], None):
        assert "Reload the page" in save(handlers, session, kind)["error"]


def test_line_ends_become_plain() -> None:
    assert clean_text("a\r\nb\rc") == "a\nb\nc"
