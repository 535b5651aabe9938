"""The app in the browser. The only place with Gradio."""
