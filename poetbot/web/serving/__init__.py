"""Serving the app: who may come in, whose pages are whose, limits, fair turns."""
