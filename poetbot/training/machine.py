"""Threads and library versions, on which the last bits of a result depend.

Keras is imported inside the functions, because it takes seconds to load.
"""

import numpy as np

from poetbot.cores import available_cores


def use_threads(threads: int) -> int:
    """Compute with `threads` threads, and return the number in force.

    It differs if the libraries have already computed in this process, or if the backend has no such setting.
    """
    import keras

    if keras.backend.backend() != "tensorflow":
        return available_cores()
    import tensorflow as tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    except RuntimeError:  # too late
        return tf.config.threading.get_intra_op_parallelism_threads() or available_cores()
    return threads


def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that train."""
    import keras

    backend = keras.backend.backend()
    module = __import__(backend)
    return {"keras": keras.__version__, backend: module.__version__, "numpy": np.__version__}
