"""Documents: read from files, cut into passages and sentences, every offset exact."""
