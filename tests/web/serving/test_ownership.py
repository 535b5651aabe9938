"""Whose pages, requests and files they are while the app runs."""

from poetbot.web.serving.ownership import Belongings, files_named


def test_what_is_one_visitors_is_no_others() -> None:
    own = Belongings()
    assert own.give("session", "page", "ada") and own.give("session", "page", "ada")
    assert not own.give("session", "page", "bob")
    assert own.opens("page", "ada") and not own.opens("page", "bob") and own.opens("other", "bob")
    own.give("event", "page", "bob")
    assert own.owner("event", "page") == "bob" and own.owner("event", "other") is None


def test_two_who_bring_the_same_file_may_both_have_it() -> None:
    own = Belongings()
    own.share("/tmp/x/poems.txt", "ada")
    assert own.has("/tmp/x/poems.txt", "ada") and not own.has("/tmp/x/poems.txt", "bob")
    own.share("/tmp/x/poems.txt", "bob")
    assert own.has("/tmp/x/poems.txt", "ada") and own.has("/tmp/x/poems.txt", "bob")
    assert not own.has("/tmp/x/../x/poems.txt", "ada")


def test_files_are_found_in_what_comes_in() -> None:
    file = {"path": "/a", "meta": {"_type": "gradio.FileData"}}
    assert sorted(
        files_named({"data": [[file], {"x": {"path": "/b", "url": None}}, {"path": 3, "meta": {}}]})
    ) == [
        "/a",
        "/b",
    ]
    deep: object = file
    for _ in range(5_000):
        deep = [deep]
    assert list(files_named(deep)) == ["/a"]
