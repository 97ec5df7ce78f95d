"""The check of claims: whether a text says what a written sentence claims of it."""
