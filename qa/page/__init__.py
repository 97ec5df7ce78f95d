"""The browser app: what it does (``service``, for whom: ``callers``), what it shows (``markup`` and
``arrangement``, templates, style, scripts), what the browser gives back (``state``), the Gradio
components and events of each tab (``asking``, ``looking_up``, ``evaluating``) and of the source
panel (``showing``), what scripts call (``endpoints``), and the server. ``app.py`` puts them
together.
"""
