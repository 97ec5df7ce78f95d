"""OpenDocument: LibreOffice's texts and presentations."""
