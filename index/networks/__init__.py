"""Networks as they are run: models by name, compiled for the processor, and their tokens."""
