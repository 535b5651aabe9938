"""Priming, sampling and the writer."""
