"""Training runs, each in a process of its own, and the poets that come out of them."""
