"""Lists and sides: read wide, check each candidate by itself, and tell what was done."""
