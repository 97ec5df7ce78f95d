"""Questions on the documents themselves: which there are, which mention a thing, who wrote them."""
