"""Answers in sentences of a language model, each checked against the quotations that it cites."""
