"""Openings for the die, and the examples: first lines of our own, written for PoetBot and quoted from nobody."""

import random

EXAMPLES = ("The lamp is low, and", "O wind that walks the wheat,", "When I was small")

OPENINGS = (
    "The kettle sings before the day,",
    "All night the gutters told the rain",
    "I left a letter on the stair",
    "My mother's garden, overgrown,",
    "Come down, slow evening, to the ford",
    "The heron keeps his narrow post",
    "What did the river say to you?",
    "There is a door I never tried",
    "Snow on the harbour, and no sound",
    "Let go the rope, the boat is light,",
    "Two crows were counting out the field",
    "The clock has stopped at half past rain",
    "Say not the orchard sleeps; it waits",
    "Under the bridge the swallows write",
    "I dreamed the sea came up the road",
    "An apple in a soldier's hand,",
    "The miller's daughter combs the dark",
    "No letter came, and then the spring",
    "Small candle, you have worked enough,",
    "Here lies the summer, short and gold,",
    "My shadow went ahead of me",
    "Bring me the blue jar from the shelf",
    "The hill has put its mantle on",
    "Who laid this feather on the sill?",
    "At last the tide forgives the shore",
    "The baker's window, four o'clock,",
    "O little boat of folded news,",
    "I know a lane that has no end",
    "The bees have gone into the wall",
    "Thou moon above the railway yard,",
    "When the last guest has found his coat",
    "The piano in the empty house",
    "Grey horse, grey morning, and the gate",
    "I owe the winter one more song",
    "The stars are only far-off barns",
    "Hush, said the barley to the crow,",
    "We built our kingdom out of chairs",
    "A thousand miles of telegraph",
    "Old friend, the path is under leaves,",
    "The well remembers every face",
)


def throw(current: str = "") -> str:
    """Return an opening by chance, another one than the current."""
    return random.SystemRandom().choice([line for line in OPENINGS if line != current.strip()])
