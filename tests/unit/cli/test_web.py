"""`sila-ot2 web` before it serves: what it refuses, and the password that it keeps."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from sila_ot2.cli import web
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.web.access import hash_of
from tests.command_line import sila_ot2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--control", "--address", "0.0.0.0"], "--certificate and --key"),
        (["--certificate", "page.crt"], "Give both."),
        (["--certificate", "missing.crt", "--key", "missing.key"], "No such file or directory: 'missing.crt'"),
        (["--certificate", "/dev/null", "--key", "/dev/null"], "are not a certificate with its private key"),
        (["--server", "bench"], "Example: 127.0.0.1:50064."),
        (["--server", f"bench:{'9' * 5000}"], "Example: 127.0.0.1:50064."),
        (["--control"], "--set-password"),
        (["--users"], "--control --users"),
        (["--control", "--users", "--set-password"], "--control --users"),
        (["--control", "--users", "--discover"], "Name each server"),
        (["--control", "--users", "--insecure"], "Name each server"),
        (["--server", "192.0.2.1:50064", "--ca", "missing.crt"], "missing.crt cannot be read"),
        (["--server", "192.0.2.1:50064", "--ca", "/"], "/ cannot be read (Is a directory)"),
        (["--server", "192.0.2.1:50064", "--ca", "/dev/null"], "/dev/null is empty"),
    ],
)
def test_wrong_usage_is_refused_with_the_remedy(
    options: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(web.VARIABLE, raising=False)
    done = sila_ot2("web", "--state-dir", str(tmp_path), *options)
    assert done.returncode == ExitCode.USAGE, done.stderr
    assert said in done.stderr


@pytest.mark.parametrize("verb", [("web",), ("demo", "--web")], ids=" ".join)
def test_missing_package_is_named_with_its_remedy_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...]
) -> None:
    monkeypatch.setattr(web, "find_spec", lambda _: None)
    done = sila_ot2(*verb)
    assert done.stdout == ""
    assert done.returncode == ExitCode.UNAVAILABLE
    assert "pip install '.[web]'" in done.stderr


def test_password_is_asked_for_once_and_only_its_hash_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def prompt(text: str, **options: object) -> str:
        asked.append(text)
        return "correct horse"

    monkeypatch.delenv(web.VARIABLE, raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", prompt)
    file = tmp_path / "state" / web.PASSWORD_FILE
    kept = web._password_hash(file, hash_of, anew=False)
    assert web._password_hash(file, hash_of, anew=False) == kept
    assert len(asked) == 1
    assert PasswordHasher().verify(kept, "correct horse")
    assert "correct horse" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    web._password_hash(file, hash_of, anew=True)
    assert len(asked) == 2


@pytest.mark.parametrize("kept", [b"$argon2id$v=19$m=65536", b"\xff\xfe"])
def test_damaged_password_file_is_refused_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bytes
) -> None:
    monkeypatch.delenv(web.VARIABLE, raising=False)
    (tmp_path / web.PASSWORD_FILE).write_bytes(kept)
    done = sila_ot2("web", "--state-dir", str(tmp_path), "--control")
    assert done.returncode == ExitCode.USAGE, done.stderr
    assert "is damaged" in done.stderr
    assert "--set-password" in done.stderr


@pytest.mark.parametrize("address", ["a..b", "no-such-name.invalid"])
def test_an_address_that_cannot_be_listened_on_is_refused(tmp_path: Path, address: str) -> None:
    done = sila_ot2("web", "--state-dir", str(tmp_path), "--address", address, "--port", "0")
    assert done.returncode == ExitCode.UNAVAILABLE, done.stderr
    assert f"cannot be served at {address}:0" in done.stderr


def test_password_that_cannot_be_kept_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(web.VARIABLE, raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda text, **options: "correct horse")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / web.PASSWORD_FILE
    file.write_text("the old one")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CommandLineError, match="No space left"):
        web._password_hash(file, hash_of, anew=True)
    assert file.read_text() == "the old one"


def test_short_password_is_refused_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(web.VARIABLE, raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda text, **options: "short")
    with pytest.raises(CommandLineError, match="fewer than 8 characters"):
        web._password_hash(tmp_path / "hash", hash_of, anew=True)
    assert not (tmp_path / "hash").exists()


@pytest.mark.slow
def test_libraries_that_the_page_does_not_need_are_not_loaded(tmp_path: Path) -> None:
    """They would take 17 MiB of its memory."""
    command = [sys.executable, "-X", "importtime", "-m", "sila_ot2", "web", "--port", "0", "--state-dir", str(tmp_path)]
    said = tmp_path / "said"
    with said.open("w") as faults, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=faults, text=True) as page:
        assert page.stdout is not None
        address = page.stdout.readline()
        page.terminate()
    imported = said.read_text()
    assert address.startswith("http"), imported
    names = {line.rpartition("|")[2].strip() for line in imported.splitlines()}
    assert "engineio.async_server" in names
    assert not names & {"aiohttp.client", "requests.sessions", "tornado.ioloop", "websocket._core"}, "tried in vain"


@pytest.mark.slow
def test_libraries_that_are_left_out_can_be_imported_afterwards() -> None:
    program = (
        "from sila_ot2.web.libraries import left_out\n"
        "with left_out():\n"
        "    import sila_ot2.web.application\n"
        "import requests"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
