"""The reader: passages in, candidates with their probabilities, findings out."""
