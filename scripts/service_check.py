"""Try the service of `sila-ot2 service install` under a real systemd, in a container of systemd-nspawn.

    sudo python3 scripts/service_check.py dist/sila_ot2-0.2.0-py3-none-any.whl

The container has this computer's file system below one of its own, so that nothing here is changed, and this computer's
network. The server is installed there from the wheel, with packages from the package index, and gets no robot. Needs
Debian's package systemd-container; takes about three minutes.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

INSIDE, REPORT = "--inside", "/service-check.txt"
TIMEOUT_S = 300.0
INSTALLED = Path("/opt/sila-ot2")
BROUGHT = Path("/opt/service-check")
"""This script and the wheel."""
SETTINGS = Path("/etc/sila-ot2/north.toml")
SERVICE = "sila-ot2-north"
USER = "sila-ot2-check"
TRIAL = f"""[Unit]
Description=Trial of the service
Requires=basic.target dbus.service
After=basic.target dbus.service

[Service]
Type=oneshot
Environment=PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
ExecStart={{command}}
StandardOutput=append:{REPORT}
StandardError=inherit
ExecStopPost=/usr/bin/systemctl --no-block poweroff
"""


def main(arguments: Sequence[str]) -> int:
    """Run the trial, on this computer or inside the container; return the exit code."""
    if arguments[:1] == [INSIDE]:
        return _inside(Path(arguments[1]), int(arguments[2]))
    if len(arguments) != 1 or os.geteuid() != 0 or shutil.which("systemd-nspawn") is None:
        print(__doc__)
        return 2
    with _file_system() as root:
        brought = root / BROUGHT.relative_to("/")
        brought.mkdir()
        for file in (arguments[0], __file__):
            shutil.copy(file, brought)
        script, wheel = (BROUGHT / Path(file).name for file in (__file__, arguments[0]))
        command = f"{sys.executable} {script} {INSIDE} {wheel} {_free_port()}"
        (root / "etc/systemd/system/trial.service").write_text(TRIAL.format(command=command))
        boot = ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--console=pipe"]
        subprocess.run([*boot, "-D", str(root), "--", "--unit=trial.service"], stdin=subprocess.DEVNULL, check=False)
        report = root / REPORT.lstrip("/")
        text = report.read_text(encoding="utf-8") if report.exists() else "FAILED: the container did not start\n"
    print(text, end="")
    return 1 if "FAILED" in text or "all tried" not in text else 0


@contextmanager
def _file_system() -> Iterator[Path]:
    """Give a file system that begins as this computer's, and whose changes are lost at the end."""
    with tempfile.TemporaryDirectory(prefix="service-check-", dir="/run") as name:
        folder = Path(name)
        root = folder / "root"
        root.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", name], check=True)
        try:
            for part in ("root", "changes", "work"):
                (folder / part).mkdir()
            options = f"lowerdir=/,upperdir={folder}/changes,workdir={folder}/work"
            subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, str(root)], check=True)
            try:
                (root / "etc/machine-id").write_text("")
                if Path(sys.executable).is_relative_to(Path.home()):  # another user runs this Python
                    (root / Path.home().relative_to("/")).chmod(0o755)
                yield root
            finally:
                subprocess.run(["umount", str(root)], check=True)
        finally:
            subprocess.run(["umount", name], check=True)


def _inside(wheel: Path, port: int) -> int:
    subprocess.run([sys.executable, "-m", "venv", str(INSTALLED)], check=True)
    python = INSTALLED / "bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["useradd", "--create-home", USER], check=True)
    SETTINGS.parent.mkdir()
    SETTINGS.write_text(
        f'[robot]\nurl = "http://127.0.0.1:{_free_port()}"\n\n[server]\nport = {port}\n\n[discovery]\nenabled = false\n'
    )
    install = [str(python), "-m", "sila_ot2", "service", "install", str(SETTINGS), "--run-as", USER]
    subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    _try("installed, and running as another user", lambda: _is("active") and _user_of(_main_process()) == USER)
    _try("enabled at the start of the computer", lambda: _systemctl("is-enabled", SERVICE) == "enabled")
    _try("the server answers", lambda: _answers(port))
    killed = _main_process()
    subprocess.run(["kill", "-KILL", killed], check=True)
    _try("started again after it was killed", lambda: _is("active") and _main_process() not in ("0", killed))
    frozen = _main_process()
    subprocess.run(["kill", "-STOP", frozen], check=True)
    _try("started again after it froze", lambda: _is("active") and _main_process() not in ("0", frozen))
    _try("the server answers again", lambda: _answers(port))
    begun = time.monotonic()
    _systemctl("stop", SERVICE)
    _try(f"stopped within {time.monotonic() - begun:.1f} s, as a success", lambda: _property("Result") == "success")
    SETTINGS.write_text("[robot]\nlocation = 3\n")
    subprocess.run(["systemctl", "start", SERVICE], check=False, capture_output=True)
    _try("not started again with wrong settings", lambda: _is("failed") and _property("ExecMainStatus") == "2")
    print("all tried", flush=True)
    return 0


def _try(what: str, look: Callable[[], object]) -> None:
    """Wait until it is so, and print whether it came to that."""
    deadline = time.monotonic() + TIMEOUT_S
    while not look():
        if time.monotonic() > deadline:
            print(f"FAILED: {what}", flush=True)
            subprocess.run(["systemctl", "status", "--no-pager", "--full", SERVICE], check=False)
            return
        time.sleep(0.2)
    print(f"ok      {what}", flush=True)


def _systemctl(*arguments: str) -> str:
    return subprocess.run(["systemctl", *arguments], capture_output=True, text=True, check=False).stdout.strip()


def _property(name: str) -> str:
    return _systemctl("show", SERVICE, "--value", "--property", name)


def _is(state: str) -> bool:
    return _property("ActiveState") == state


def _main_process() -> str:
    return _property("MainPID")


def _user_of(process: str) -> str:
    return Path(f"/proc/{process}").owner()


def _answers(port: int) -> bool:
    """Whether a SiLA client connects and reads the server's name."""
    read = f"from sila_ot2.client import connect; print(connect('127.0.0.1:{port}').name)"
    asked = subprocess.run([INSTALLED / "bin/python", "-c", read], capture_output=True, text=True, check=False)
    return asked.stdout.startswith("OT-2")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
