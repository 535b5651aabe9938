"""Whose pages, requests and files they are while the app runs."""

from poetbot.ui.belongings import Belongings, files_named, files_told


def test_what_is_one_visitors_is_no_others() -> None:
    own = Belongings()
    assert own.opens("page", "ada") and own.opens("page", "ada") and not own.opens("page", "bob")
    own.give("event", "page", "bob")
    assert own.owner("event", "page") == "bob" and own.owner("event", "other") is None


def test_two_who_bring_the_same_file_may_both_have_it() -> None:
    own = Belongings()
    own.share("/tmp/x/poems.txt", "ada")
    assert own.has("/tmp/x/poems.txt", "ada") and not own.has("/tmp/x/poems.txt", "bob")
    own.share("/tmp/x/poems.txt", "bob")
    assert own.has("/tmp/x/poems.txt", "ada") and own.has("/tmp/x/poems.txt", "bob")
    assert not own.has("/tmp/x/../x/poems.txt", "ada")


def test_only_so_much_is_remembered() -> None:
    own = Belongings(most=2)
    for page in "abc":
        assert own.opens(page, "ada")
    assert own.opens("a", "bob") and not own.opens("c", "bob")


def test_files_are_found_in_what_goes_out() -> None:
    message = b'data: {"output":{"data":[{"path":"/tmp/g/ab/my \\"poem\\" \\u00e9.zip","url":"x"}]}}'
    assert list(files_told(message)) == ['/tmp/g/ab/my "poem" é.zip']
    assert list(files_told(rb'{"text":"a \"path\": \"/etc/passwd\" b"}')) == []


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
