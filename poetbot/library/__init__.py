"""What a user owns: corpora, trained poets, saved poems."""
