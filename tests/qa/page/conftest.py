"""What tests of the server's answers hold to alike."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture
def nothing_is_logged(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """What is wrong with a call is the caller's to hear, and nothing that the log should hold."""
    yield
    out, err = capfd.readouterr()
    assert out == err == ""
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []
