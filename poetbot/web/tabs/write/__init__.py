"""The Write tab: the poem page, forms, suggestions, kept poems."""
