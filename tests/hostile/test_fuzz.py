"""Three thousand inputs made by chance, for every public reader: each is read, or refused in a sentence."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from poetbot.corpus.loading import parse_file
from poetbot.errors import PoetBotError
from poetbot.library.kept_poems import Poems, poem_of_row, poems_of_json, poems_of_text
from poetbot.library.kept_poems.poem_picture import draw_poem
from poetbot.library.poets.zip_import import import_poet
from poetbot.storage import Home
from poetbot.web.tabs.write.receipts import parsed
from poetbot.writing import Form, recreate_poem
from tests.hostile.by_chance import ENDINGS, content, exported, receipt, value

CASES = 3_000


def attempts(rng: random.Random, folder: Path) -> list[Callable[[], Any]]:
    poems = Poems(folder / "poems.sqlite")
    made, told, data = receipt(rng), exported(rng), content(rng)
    name = f"a.{rng.choice(ENDINGS)}"

    def missing(source: Any) -> Any:
        raise PoetBotError("There is no such poet: look at the list again.")

    def packed() -> None:
        (folder / "a.zip").write_bytes(data)
        import_poet(Home(folder / "home"), folder / "a.zip")

    return [
        lambda: parse_file(data, name),
        lambda: list(recreate_poem(parsed(made), missing)),
        lambda: draw_poem("a line", receipt=made, title=value(rng, 0), poet=value(rng, 0)),
        lambda: poems.add_exported(poems_of_json(told)),
        lambda: [poem_of_row(row) for row in poems_of_json(told)],
        lambda: poems.add(value(rng, 0), written=value(rng, 2), receipt=made),
        lambda: poems_of_text(value(rng, 0)),
        lambda: Form.from_json(value(rng)),
        packed,
    ]


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_any_input_is_read_or_is_an_error(tmp_path: Path) -> None:
    crashes = []
    for case in range(CASES):
        rng = random.Random(case)
        attempt = rng.choice(attempts(rng, tmp_path))
        try:
            attempt()
        except PoetBotError as error:
            assert len(str(error)) < 1_000 and "Traceback" not in str(error)
        except Exception as error:
            crashes.append(f"case {case}: {type(error).__name__}: {error}"[:200])
    assert not crashes, f"{len(crashes)} crashes:\n" + "\n".join(crashes[:20])
