"""A running `sila-ot2 web`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sila_ot2.cli.web import VARIABLE as PASSWORD_VARIABLE
from sila_ot2.client.pins import VARIABLE as PINS

PASSWORD = "correct horse battery"


@contextmanager
def page_process(state: Path, *options: str) -> Iterator[str]:
    """Start the page and give its address."""
    command = [sys.executable, "-m", "sila_ot2", "web", "--state-dir", str(state), "--die-with-parent", *options]
    environment = {**os.environ, PASSWORD_VARIABLE: PASSWORD, PINS: str(state / "known.json")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http"), "the page did not start"
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=60)
