"""The parts of the browser app that know nothing of Gradio: markup, style, scripts, the server."""
