"""The Poets tab: every poet, and what can be done with it."""
