"""What proves somebody without a password: nobody guesses it, and of it only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(BYTES)


def hashed(token: str) -> str:
    """It has as much chance in it as the hash, which therefore need not be slow."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
