"""How the shipped reader is trained: data, alterations of it, windows, and the loop."""
