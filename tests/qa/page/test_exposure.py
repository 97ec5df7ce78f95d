"""A server does not come before others by mistake; TLS is checked before anything is served."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives import serialization

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.accounts.accounts import Accounts
from footnoted.qa.page import exposure, server
from footnoted.qa.page.server import Certificate
from support.accounts import PASSWORD
from support.certificates import certificate
from support.serving import ROOT


@contextmanager
def _checked(
    host: str,
    folder: Path,
    *,
    named: str = "",
    proxies: tuple[str, ...] = (),
    tls: Certificate | None = None,
    is_open: bool = False,
) -> Iterator[str | None]:
    accounts = Accounts(folder)
    if named:
        accounts.add(named, PASSWORD, "editor")
    with server.listen(host, 0) as listener:
        yield exposure.check(listener, accounts, None, proxies, tls, is_open)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1.2.3"])
def test_this_machine_is_served_without_accounts(host: str, tmp_path: Path) -> None:
    with _checked(host, tmp_path) as warning:
        assert warning is None


@pytest.mark.parametrize(
    ("host", "proxies"),
    [("0.0.0.0", ()), ("0", ()), ("127.0.0.1", ("127.0.0.1",))],  # noqa: S104
)
def test_others_are_not(host: str, proxies: tuple[str, ...], tmp_path: Path) -> None:
    with (
        pytest.raises(UnusableInput, match=r"footnoted accounts add NAME, or say --open-to-every"),
        _checked(host, tmp_path, proxies=proxies),
    ):
        pass
    with _checked(host, tmp_path, proxies=proxies, is_open=True) as warning:
        assert (warning is None) == bool(proxies)
    with _checked(host, tmp_path, proxies=proxies, named="anna") as warning:
        assert (warning is None) == bool(proxies)
    with (
        pytest.raises(UnusableInput, match="leave out --open-to-everyone"),
        _checked(host, tmp_path, proxies=proxies, is_open=True),
    ):
        pass


def test_passwords_in_the_clear_are_warned_of(tmp_path: Path) -> None:
    with _checked("0.0.0.0", tmp_path, named="anna") as warning:  # noqa: S104
        assert warning and "--tls-cert" in warning and "--behind" in warning
    with _checked("0.0.0.0", tmp_path, tls=certificate(tmp_path)) as warning:  # noqa: S104
        assert warning is None


def test_bad_files_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("no certificate")
    good = certificate(tmp_path)
    assert Certificate.checked(*good) == good
    other = tmp_path / "other"
    other.mkdir()
    for cert, key, said in (
        (tmp_path / "no.pem", good.key, "are not a certificate and its key"),
        (good.certificate, tmp_path / "no.pem", "are not a certificate and its key"),
        (good.certificate, certificate(other).key, "are not a certificate and its key"),
        (good.key, good.certificate, "are not a certificate and its key"),
        (tmp_path / "gone.pem", good.key, "gone.pem cannot be read: No such file"),
        (tmp_path, good.key, "cannot be read: Is a directory"),
    ):
        with pytest.raises(UnusableInput, match=said) as refused:
            Certificate.checked(cert, key)
        assert "\n" not in str(refused.value)


def test_a_key_with_a_password_is_refused_and_nobody_is_asked(tmp_path: Path) -> None:
    good = certificate(tmp_path)
    key = serialization.load_pem_private_key(good.key.read_bytes(), None)
    good.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    with pytest.raises(UnusableInput, match="without a password"):
        Certificate.checked(*good)


@pytest.mark.browser
def test_it_serves_by_tls_and_tells_of_questions_if_it_is_to(
    shipped_index: Path, unplugged: dict[str, str], tmp_path: Path
) -> None:
    good = certificate(tmp_path)
    accounts = Accounts(tmp_path / "home")
    accounts.add("anna", PASSWORD, "editor")
    token, _ = accounts.new_token("anna", 1)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "footnoted", "serve", "--port", "0", "--log-questions"),
            *("--index", str(shipped_index), "--home", str(tmp_path / "home")),
            *("--tls-cert", str(good.certificate), "--tls-key", str(good.key)),
            *("--questions-per-minute", "2"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=unplugged,
    )
    try:
        assert process.stdout
        url = process.stdout.readline().split()[3]
        assert url.startswith("https://127.0.0.1:")
        trusting = ssl.create_default_context(cafile=good.certificate)
        with httpx.Client(base_url=url, verify=trusting, timeout=120) as client:
            assert client.get("/api/collections").status_code == 401
            sent = {"name": "anna", "password": PASSWORD}
            cookie = client.post("/sign-in", data=sent).headers["set-cookie"]
            assert cookie.startswith("__Host-footnoted=") and "Secure" in cookie
            bearer = {"authorization": f"Bearer {token}"}
            call = {"question": "Who keeps\nthe \x1b[31m books?"}
            replies = [client.post("/api/ask", json=call, headers=bearer) for _ in range(3)]
            assert [one.status_code for one in replies] == [200, 200, 429]
            assert 0 < int(replies[-1].headers["retry-after"]) <= 60
            assert "Too many questions in a short time" in replies[-1].json()["error"]
    finally:
        process.terminate()
    _, told = process.communicate(timeout=30)
    lines = [line for line in told.splitlines() if " asked " in line]
    assert len(lines) == 2 and lines[0].startswith("footnoted: anna asked ")
    assert "Who keeps the \u241b[31m books? (" in lines[0] and lines[0].endswith(" s)")
    assert "Traceback" not in told and PASSWORD not in told and token not in told


@pytest.mark.browser
def test_it_refuses_before_anything_slow(tmp_path: Path) -> None:
    result = subprocess.run(
        [
            *(sys.executable, "-m", "footnoted", "serve", "--port", "0", "--host", "0.0.0.0"),  # noqa: S104
            *("--index", str(tmp_path / "index"), "--home", str(tmp_path / "my home")),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )
    assert result.returncode == 2 and not (tmp_path / "index").exists()
    (line,) = result.stderr.splitlines()
    assert f"footnoted accounts add NAME --home '{tmp_path}/my home'" in line
