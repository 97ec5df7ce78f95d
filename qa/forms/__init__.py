"""Answers that are asked for as a whole: two documents compared, what happened when, and who is for
and who against; quotations, put in order."""
