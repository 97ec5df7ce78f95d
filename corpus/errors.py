"""What can go wrong, as one line for whoever asked."""

from __future__ import annotations


class UnusableInput(ValueError):
    """Something the user gave cannot be used; the message is one line that says what to do."""
