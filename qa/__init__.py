"""Questions to answers whose every sentence is a quotation that proves itself."""
