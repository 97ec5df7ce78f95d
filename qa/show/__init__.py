"""Answers, receipts and results for a person at a terminal."""
