"""Keras: the network, its windows, the loop, checkpoints. The only place with Keras."""

import os


def quiet() -> None:
    """Keep TensorFlow's start-up lines off stderr. Must run before TensorFlow is imported."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
