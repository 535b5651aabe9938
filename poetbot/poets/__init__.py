"""The poet folder and the NumPy network that writes from it."""
