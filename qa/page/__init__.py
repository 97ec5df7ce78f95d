"""The browser app: what it does (``service``), what it shows (``markup*``, style, scripts), the
Gradio components and events of each tab (``asking``, ``looking_up``, ``evaluating``) and of the
source panel (``showing``), and the server. ``app.py`` puts them together.
"""
