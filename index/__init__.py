"""Passages: embedded, stored, and found again by meaning and by words."""
