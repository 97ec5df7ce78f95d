"""The check of the likeliest answers by a small language model, adapted."""
