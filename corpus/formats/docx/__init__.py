"""Word's documents: what is written in them, in the order and under the headings of the page."""
