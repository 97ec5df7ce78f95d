"""How good the answers are: question sets, metrics, and the comparison of two results."""
