"""PoetBot: teach a small recurrent network your kind of poem and write with it."""

__version__ = "0.1.0"
