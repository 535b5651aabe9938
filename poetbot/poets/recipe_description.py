"""Describes the network of a recipe in words."""

from poetbot.poets.recipe import HALF, Recipe

_CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "simple recurrent"}


def network_in_words(recipe: Recipe) -> str:
    """Return a description of the network, from input to output."""
    cell = _CELLS[recipe.cell]
    below = recipe.layers - 1 if recipe.last_units else recipe.layers
    counted = "one layer" if below == 1 else f"{below} layers"
    parts = [f"{counted} of {recipe.units} {cell} units"] if below else []
    if recipe.bidirectional and parts:
        parts[0] += " that read both ways" if below == 1 else ", the first of which reads both ways"
    if recipe.last_units:
        parts.append(f"one of {recipe.last_units} {cell} units")
    if recipe.dense:
        size = (
            "half as many relu units as it knows words"
            if recipe.dense == HALF
            else f"{recipe.dense} relu units"
        )
        parts.append(f"a dense layer of {size}")
    read = f"reads embeddings of {recipe.embedding} numbers" if recipe.embedding else "reads one-hot"
    read += " for each of its subwords" if recipe.subwords and recipe.embedding else ""
    *first, last = parts
    joined = f"{', '.join(first)} and {last}" if first else last
    tied = ", which the softmax shares" if recipe.tied else ""
    folded = ", lowercase only" if recipe.fold_case else ""
    return f"A network that {read}{tied}{folded}, with {joined}"
