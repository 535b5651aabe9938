"""Training a poet from a notebook or a script."""

from pathlib import Path
from typing import TypedDict, Unpack

from poetbot.api.corpora import Poems, corpus_from
from poetbot.api.poet import Poet, load
from poetbot.installation import check_can_train
from poetbot.poets.recipes import recipe_named
from poetbot.poets.training_run import TrainingRun


class TrainingOptions(TypedDict, total=False):
    """How a poet is trained; every option may be left out."""

    minutes: float
    """How long to train on this machine."""
    epochs: float
    """How often to read the poems instead; 20 by default."""
    recipe: str
    """The name of a recipe, or a .json file with one; by default one that suits the poems and the time."""
    parent: str
    """The poet to fine-tune instead of training from scratch."""
    rng: int
    """The random seed; 0 by default."""
    validation: float
    """The share of poems to hold out; 0.1 by default."""
    licence: str
    """The licence of the texts, for the poet's card."""


def train(poems: Poems, out: str | Path, **options: Unpack[TrainingOptions]) -> Poet:
    """Train a poet on poems, save it in the folder `out`, and return it.

    `poems` is a file, a folder, the name of a corpus, or a list of poems. A progress bar appears on stderr; Ctrl+C finishes the
    step and saves. Raises PoetBotError if the poems or the options are no good, or without TensorFlow.
    """
    check_can_train()
    from poetbot.training.default_recipe import default_recipe
    from poetbot.training.fine_tuning import check_shape, fine_tuning_recipe
    from poetbot.training.worker import TrainOptions
    from poetbot.training.worker import train as run_training

    corpus, folder = corpus_from(poems), Path(out)
    wanted = TrainingRun(name=folder.name, **options)
    characters = sum(len(poem.text) for poem in corpus.poems)
    parent = load(wanted.parent).model if wanted.parent else None
    if parent:
        recipe = fine_tuning_recipe(parent.recipe, characters)
        check_shape(recipe, parent.recipe)
    elif wanted.recipe:
        recipe = recipe_named(wanted.recipe)
    else:
        recipe = default_recipe(characters, epochs=wanted.epochs, minutes=wanted.minutes)
    run_training(TrainOptions(run=wanted, corpus=corpus, out=folder, recipe=recipe, parent=parent))
    return load(folder)
