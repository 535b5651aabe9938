"""The Overlap tab: what any text shares with a poet's training set."""
