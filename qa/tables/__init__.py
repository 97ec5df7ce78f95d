"""Answers that the rows of a table give together, and none of them alone."""
