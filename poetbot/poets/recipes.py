"""The named recipes and their sources. Any field can be changed with `train --set KEY=VALUE`."""

import json
from pathlib import Path

from poetbot.errors import PoetBotError
from poetbot.poets.recipe import HALF, Recipe

RECIPES = {
    # The poet bot's article (2018): LSTM 300 three times with dropout .20 and recurrent dropout .20, 300 characters.
    "classic": Recipe(),
    # For millions of characters and few epochs. Two wider layers learn faster than the classic three (docs/study.md,
    # docs/training.md) with the same number of weights. They underfit, so there is no dropout. Short windows with a
    # stateful network give many steps. Products are in bfloat16 if the processor is fast at it.
    "verse": Recipe(
        name="verse",
        layers=2,
        units=400,
        dropout=0.0,
        recurrent_dropout=0.0,
        window=96,
        learning_rate=0.003,
        precision="bfloat16",
    ),
    # For tens of millions of characters: a step reads about three of them. As wide as writing twice as fast as `verse`
    # allows (docs/training.md). The rate stays at its peak and falls at the end, so a run can be made longer on the way.
    "subwords": Recipe(
        name="subwords",
        level="subwords",
        subwords=3000,
        subword_dropout=0.05,
        embedding=300,
        tied=True,
        counted_bias=True,
        dropout=0.05,
        recurrent_dropout=0.0,
        window=64,
        learning_rate=0.0025,
        fall=0.3,
        precision="bfloat16",
    ),
    # Keras' example lstm_text_generation (Chollet 2015): lower-cased prose, windows of 60, one LSTM of 128. It trains
    # one target a window with RMSprop at .01; here every position is a target, and Adam takes a step half as long.
    "nietzsche": Recipe(
        name="nietzsche",
        layers=1,
        units=128,
        dropout=0.0,
        recurrent_dropout=0.0,
        window=60,
        learning_rate=0.005,
        fold_case=True,
        pieces="sections",
    ),
    # Char-RNN for Chinese verse (tensorflow_poems, after Karpathy 2015): rnn, gru or lstm, 128 twice, an embedding of
    # the characters, batch 64. It trains at a constant .01; here the rate warms up to .004 and decays.
    "char-rnn": Recipe(
        name="char-rnn",
        layers=2,
        units=128,
        embedding=128,
        dropout=0.0,
        recurrent_dropout=0.0,
        window=64,
        learning_rate=0.004,
    ),
    # Regular Chinese verse has thousands of characters, so the embedding is shared with the softmax. The poems are short,
    # so few of them get padding markers, which would be as long as the poems.
    "tang": Recipe(
        name="tang",
        layers=3,
        units=320,
        embedding=320,
        tied=True,
        dropout=0.3,
        embedding_dropout=0.2,
        recurrent_dropout=0.0,
        window=56,
        batch=32,
        learning_rate=0.003,
        precision="bfloat16",
        fresh_starts=0.06,
        fall=0.4,
        counted_bias=True,
    ),
    # The story generator of many tutorials (after Brownlee and Moroney): words, every prefix of a line is a sample.
    # The dense layer, half the vocabulary, grows with its square, so at most 10,000 words; each must be used twice.
    "story": Recipe(
        name="story",
        level="words",
        framing="prefixes",
        embedding=300,
        layers=2,
        units=200,
        bidirectional=True,
        last_units=100,
        dropout=0.2,
        recurrent_dropout=0.0,
        dense=HALF,
        l2=0.001,
        batch=128,
        learning_rate=0.001,
        warmup=0,
        window=50,
        min_count=2,
        max_words=10_000,
    ),
}

FOR = {
    "classic": "small corpora: the network of the poet bot's article (2018)",
    "verse": "millions of characters and few epochs",
    "subwords": "tens of millions of characters",
    "nietzsche": "prose, as in Keras' example lstm_text_generation (2015)",
    "char-rnn": "short poems in any script, as in char-rnn for Chinese verse; `--set cell=gru` or `cell=rnn`",
    "tang": "Chinese verse in lines of five and seven characters",
    "story": "lines of words, as in the story generators of many tutorials",
}
"""The purpose and the source of each recipe."""

_MAX_FILE = 100_000


def recipe_named(name: str) -> Recipe:
    """Return a named recipe, or the one in a file if `name` ends in `.json`. Raises PoetBotError with the known names."""
    if name in RECIPES:
        return RECIPES[name]
    if name.lower().endswith(".json"):
        return _recipe_in(Path(name))
    raise PoetBotError(
        "There is no recipe called {name}. Choose one of {names}, or name a .json file.",
        name=repr(name[:40]),
        names=", ".join(RECIPES),
    )


def _recipe_in(path: Path) -> Recipe:
    try:
        if path.stat().st_size > _MAX_FILE:
            raise PoetBotError(
                "{file} is too large to be a recipe. A recipe is an object of names and values.",
                file=path.name,
            )
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PoetBotError("There is no file {file}. Check the name and the folder.", file=path) from error
    except (OSError, ValueError, RecursionError) as error:
        raise PoetBotError("{file} isn't readable JSON. Write the recipe again.", file=path.name) from error
    recipe = Recipe.from_json(data)
    return recipe if "name" in data else recipe.changed([f"name={path.stem[:60]}"])
