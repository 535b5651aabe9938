"""Read any file as text or records, within limits."""
