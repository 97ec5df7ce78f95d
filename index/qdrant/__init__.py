"""An index in Qdrant: one truth for any number of machines, none of which keeps anything."""
