"""The Teach tab: upload, review, training."""
