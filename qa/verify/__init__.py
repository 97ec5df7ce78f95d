"""A saved answer, read back and re-checked without a model."""
