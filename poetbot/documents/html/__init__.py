"""HTML to text, with the line breaks that a reader sees."""
