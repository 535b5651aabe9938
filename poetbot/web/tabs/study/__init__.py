"""The Study tab: words, sound, curves, growth, surprise."""
