"""The contract over plain HTTP, ``/api/…``, and as tools of the Model Context Protocol."""
