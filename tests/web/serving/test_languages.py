"""Which page a browser gets: by the switch, what it remembers, how the app was started, what the browser asks for."""

import re
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.locale import locale
from poetbot.web.components.templates import render
from poetbot.web.serving.languages import COOKIE, Languages, language_links, preferred, start_language
from tests.web.visiting import USERS, Site, said

KNOWN = ("en", "zh")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("de-DE,de;q=0.9,zh-TW;q=0.5,en;q=0.4", "zh"),
        ("ZH-Hans", "zh"),
        ("en;q=0.1, zh ; q=0.2", "zh"),
        ("zh;q=0, en", "en"),
        ("de", None),
        ("", None),
        ("zh;q=nonsense", None),
        ("*", None),
    ],
)
def test_what_a_browser_asks_for(header: str, language: str | None) -> None:
    assert preferred(header, KNOWN) == language


@given(st.text(max_size=200))
def test_any_header_is_read(header: str) -> None:
    assert preferred(header, KNOWN) in (*KNOWN, None)


def language_of(page: httpx.Response) -> str:
    assert page.status_code == 200 and (
        "content-length" in page.headers or "content-encoding" in page.headers
    )
    found = re.search(r'<html\s+lang="([\w-]+)"', page.text)
    assert found and page.headers["content-language"] == found[1]
    assert page.url.path == {"en": "/", "zh-CN": "/zh"}[found[1]]
    assert f'"language", {{ value: "{found[1]}" }}' in page.text  # for what is gradio's own
    assert ("写诗" in page.text) == (found[1] == "zh-CN")
    assert ('"label":"Write"' in page.text) == (found[1] == "en")
    return found[1]


def test_the_page_comes_in_the_language_of_the_browser_until_a_person_chooses(served: Any) -> None:
    chinese = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}
    with httpx.Client(base_url=served.url, follow_redirects=True) as browser:
        assert language_of(browser.get("/")) == "en"
        page = browser.get("/?__theme=dark", headers=chinese)
        assert language_of(page) == "zh-CN" and page.url.query == b"__theme=dark"
        assert all("Accept-Language" in each.headers["vary"] for each in (page, *page.history))
        assert not browser.cookies
        assert language_of(browser.get("/?language=en", headers=chinese)) == "en"
        assert browser.cookies[COOKIE] == "en"
        assert language_of(browser.get("/", headers=chinese)) == "en"
        assert language_of(browser.get("/zh")) == "zh-CN"  # an address to be given to others
        assert language_of(browser.get("/?language=zh")) == "zh-CN" and browser.cookies[COOKIE] == "zh"
        assert language_of(browser.get("/?language=nonsense&language=%00")) == "zh-CN"  # the cookie
        assert browser.get("/xx").status_code == 404
        assert browser.head("/").status_code == 200


def test_whoever_serves_the_app_may_choose_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert start_language(None) is None
    assert start_language("zh") is locale("zh")
    monkeypatch.setenv("POETBOT_LANGUAGE", "zh")
    assert (start_language(None), start_language("en")) == (locale("zh"), locale("en"))
    with pytest.raises(PoetBotError, match="Choose one of en, zh"):
        start_language("klingon")


def test_visitors_of_a_public_app_choose_each_for_themselves(public: Site) -> None:
    kept: dict[str, Any] = {"base_url": public.url, "follow_redirects": True}
    with httpx.Client(**kept) as one, httpx.Client(**kept) as other:
        one.get("/?language=zh")
        assert (language_of(one.get("/")), language_of(other.get("/"))) == ("zh-CN", "en")


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "en"),
        ({"referer": "https://poems.example/zh"}, "zh"),
        ({"referer": "https://poems.example/behind/a/proxy/zh?__theme=dark"}, "zh"),
        ({"referer": "https://poems.example/", "cookie": f"{COOKIE}=zh"}, "zh"),
        ({"referer": "https://poems.example/zh", "cookie": f"{COOKIE}=en"}, "zh"),  # a page of both is open
        ({"referer": "https://poems.example/zhou"}, "en"),
        ({"referer": "https://[", "accept-language": "zh-CN"}, "zh"),
        ({"referer": "zh" * 100_000}, "en"),
    ],
)
def test_a_request_is_answered_in_the_language_of_the_page_that_sent_it(
    headers: dict[str, str], language: str
) -> None:
    assert Languages().of_sender(headers).key == language


def test_a_request_that_is_turned_away_is_told_so_in_the_language_of_its_page(served: Any) -> None:
    asked = f"{served.url}gradio_api/queue/join"
    for headers, sentence in [
        ({}, "PoetBot can't read this request. Reload the page."),
        ({"Referer": f"{served.url}zh"}, "无法读取这个请求，请重新加载页面。"),
    ]:
        answer = httpx.post(asked, content=b"[]", headers=headers)
        assert answer.status_code == 400 and said(answer) == sentence


def test_visitors_sign_in_in_their_own_language(school: Site) -> None:
    with httpx.Client(base_url=school.url, follow_redirects=True, headers={"Accept": "text/html"}) as browser:
        for language, sentence in (
            ("en", "Enter the name and password you were given."),
            ("zh", "请输入分配给你的用户名和密码。"),
        ):
            for page in (
                browser.get("/", headers={"Accept-Language": language}),
                browser.get("/", params={"language": language}),
            ):
                assert sentence in page.text and f'<html lang="{locale(language).code}">' in page.text
        assert "请输入" in browser.get("/zh").text
        wrong = browser.post("/login", data={"username": "ada", "password": "wrong one", "page": "zh"})
        assert wrong.status_code == 400 and "用户名或密码不正确" in wrong.text
        right = browser.post("/login", data={"username": "ada", "password": USERS["ada"], "page": "zh"})
        assert right.url.path == "/zh" and language_of(right) == "zh-CN"


def test_the_switch_leads_to_every_language_and_marks_the_current_one() -> None:
    html = render("serving/page_head.html", locale("en"), languages=language_links())
    assert '<a href="?language=en" lang="en" hreflang="en" aria-current=true>English</a>' in html
    assert '<a href="?language=zh" lang="zh-CN" hreflang="zh-CN">中文</a>' in html
