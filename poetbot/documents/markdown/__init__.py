"""Markdown to text, with the verse, headings and code that its writer marked."""
