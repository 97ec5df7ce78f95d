"""A quotation to the places where it stands, exactly or closely."""
