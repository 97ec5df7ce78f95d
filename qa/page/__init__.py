"""The browser app: what it shows (``markup`` and ``arrangement``, templates, style, scripts), what
the browser gives back (``state``), what a page is about (``choosing``), the Gradio components and
events of each tab (``asking``, ``looking_up``, ``conversing``, ``listing``, ``evaluating``) and of
the source panel (``showing``), what scripts call (``endpoints``), who sends a request
(``signing_in``, ``forwarding``), and the server with its other guards (``local``, ``bodies``,
``own_events``, ``exposure``). ``app.py`` puts them together; what is done is done in
``qa.service``.
"""
