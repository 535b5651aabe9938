"""Markdown to text, with marks of verse, headings and code."""
