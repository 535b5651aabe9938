"""What a person owns: corpora, poets of their own, kept poems."""
