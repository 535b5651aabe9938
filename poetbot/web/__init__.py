"""The app in the browser: one file per tab, the theme, and every word of the interface."""

from poetbot.web import gradio_import

gradio_import.install()  # before any module here imports Gradio
