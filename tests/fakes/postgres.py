"""A real PostgreSQL server for tests, of the package of the operating system; without it, tests skip."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.ports import free_port

PASSWORD = f"canary-{secrets.token_hex(4)}"

USER = "postgres"
"""Of the operating system, made by the package."""


class Postgres:
    """One server on a port of this computer; its programs refuse to run as root."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._data = folder / "data"
        self._user = USER if os.getuid() == 0 else None
        self.port = free_port()
        self._numbers = count(1)
        password = folder / "password"
        password.write_text(PASSWORD)
        if self._user is not None:
            owner = pwd.getpwnam(self._user)
            for path in (folder, password):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "--no-sync", "--username=ot2", "--auth=scram-sha-256", f"--pwfile={password}")
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": folder,
            "fsync": "off",
        }
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.start()

    def start(self) -> None:
        """Start, and wait until it serves."""
        self._run("pg_ctl", "start", "--wait", f"--log={self._data / 'log'}")

    def stop(self) -> None:
        """Stop, and end all connections."""
        self._run("pg_ctl", "stop", "--wait", "--mode=immediate")

    def new_database(self) -> str:
        """Return the URL of an empty database."""
        name = f"ot2_{next(self._numbers)}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql://ot2:{PASSWORD}@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments, "-D", self._data],
            user=self._user,
            cwd="/",
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=60,
        )


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Make a server with a database folder of its own."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    program = str(found[-1]) if found else shutil.which("initdb")
    if program is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    # The programs run as another user than root, who need not be able to enter the folder for temporary files.
    place = pwd.getpwnam(USER).pw_dir if os.getuid() == 0 else None
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(program).parent, Path(folder))
        try:
            yield server
        finally:
            server.stop()
