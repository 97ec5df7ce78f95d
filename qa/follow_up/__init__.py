"""A question after others, made to stand alone."""
