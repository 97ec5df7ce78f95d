"""The contract over plain HTTP: ``/api/…``, JSON in and out, described by OpenAPI."""
