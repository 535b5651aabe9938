"""A person's own poets: named, renamed, deleted, restored, exported and imported."""
