"""Answers for people: what a terminal shows, and how text is made inert."""
