"""Sentences of the core in simplified Chinese that are not in the catalogues yet."""
