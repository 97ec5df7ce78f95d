"""Web pages, alone or saved with all that they show."""
