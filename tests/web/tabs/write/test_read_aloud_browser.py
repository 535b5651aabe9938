"""A poem is read aloud line by line, and only with a voice of this machine."""

import json
from typing import Any

import pytest

from tests.web.conftest import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
DESKTOP = pytest.mark.parametrize("window", [pytest.param((1280, 900), id="desktop")], indirect=True)
SPEECH = """voices => {
  window.spoken = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const speech = new EventTarget();
  speech.getVoices = () => voices;
  speech.cancel = () => {};
  speech.speak = (utterance) => { window.utterance = utterance; window.spoken.push([utterance.text, utterance.lang]); };
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
}"""
REMOTE = {"lang": "en-US", "localService": False}
LOCAL = [
    REMOTE,
    {"lang": "zh-CN", "localService": True},
    {"lang": "en-GB", "localService": True},
]


def open_with(page: Any, url: str, voices: list[dict[str, Any]]) -> None:
    with page.add_init_script(f"({SPEECH})({json.dumps(voices)})"):
        page.goto(url)
    page.wait_for_function("document.querySelector('.poem')?.isContentEditable")
    page.click(".poem")
    page.keyboard.type("one bird")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("one hill")


@DESKTOP
def test_a_poem_is_read_line_by_line_and_stopped(window: Any, served: Served) -> None:
    page = window
    open_with(page, served.url, LOCAL)
    page.click("[data-do=read-aloud]")
    assert page.inner_text(".poem .spoken") == "one bird"
    page.evaluate("window.utterance.onend()")
    assert page.inner_text(".poem .spoken") == "one hill"
    page.evaluate("window.utterance.onend()")
    assert page.locator(".poem .spoken").count() == 0
    assert page.evaluate("window.spoken") == [["one bird", "en-GB"], ["one hill", "en-GB"]]
    assert page.inner_text("[data-do=read-aloud]") == "Read aloud"
    page.click("[data-do=read-aloud]")
    assert page.inner_text("[data-do=read-aloud]") == "Stop reading"
    page.keyboard.press("Escape")
    page.evaluate("window.utterance.onend()")
    assert page.locator(".poem .spoken").count() == 0 and page.evaluate("window.spoken.length") == 3


@DESKTOP
def test_without_a_local_voice_nothing_is_read(window: Any, served: Served) -> None:
    open_with(window, served.url, [REMOTE])
    window.wait_for_selector("[data-do=copy]")
    assert not window.locator("[data-do=read-aloud]").is_visible()
