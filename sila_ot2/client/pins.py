"""Certificates of servers that this user has connected to: pinned on first use."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from sila_ot2.client.base_errors import WrongCertificate
from sila_ot2.files import replace_file

VARIABLE = "OT2_CLIENT_KNOWN_SERVERS"
"""Environment variable with the path of the file."""


@dataclass(frozen=True)
class Pin:
    """A server that is known.

    Attributes:
        address: where it was first connected to.
        uuid: its UUID.
        name: its name at that time.
        certificate: its certificate, PEM.
    """

    address: str
    uuid: str
    name: str
    certificate: str


class Pins:
    """The known servers, in a file.

    Args:
        path: the file; without it the one that the environment names, or `.sila-ot2/known_servers.json` at home.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(os.environ.get(VARIABLE) or Path.home() / ".sila-ot2" / "known_servers.json")

    def all(self) -> list[Pin]:
        """All known servers.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is not what was written.
        """
        if not self.path.exists():
            return []
        try:
            return [Pin(**entry) for entry in json.loads(self.path.read_text("utf-8"))]
        except (TypeError, ValueError) as error:
            raise ValueError(f"{self.path} is damaged ({error}). Delete it, and servers are pinned anew.") from error

    def find(self, *, address: str = "", uuid: str = "") -> Pin | None:
        """The known server with this address, or else with this UUID."""
        known = self.all()
        by_address = (pin for pin in known if address and pin.address == address)
        return next(by_address, next((pin for pin in known if uuid and pin.uuid == uuid), None))

    def add(self, new: Pin) -> None:
        """Remember a server.

        Raises:
            WrongCertificate: the server with this UUID was pinned with another certificate.
            OSError: the file cannot be written.
        """
        known = self.all()
        for pin in known:
            if pin.uuid == new.uuid and pin.certificate != new.certificate:
                raise WrongCertificate(
                    f"The server at {new.address} says that it is {new.uuid} ({pin.name}), which was pinned with "
                    f"another certificate. It is another server, or its certificate was renewed. If you know that it "
                    f"is right, forget the pinned one with sila_ot2.client.forget({new.uuid!r})."
                )
        self._write([pin for pin in known if pin.address != new.address] + [new])

    def forget(self, server: str) -> bool:
        """Forget the servers with this address, UUID or name; False if there are none."""
        known = self.all()
        kept = [pin for pin in known if server not in (pin.address, pin.uuid, pin.name)]
        if len(kept) < len(known):
            self._write(kept)
        return len(kept) < len(known)

    def _write(self, pins: list[Pin]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self.path, json.dumps([asdict(pin) for pin in pins], indent=1).encode())


def forget(server: str) -> bool:
    """Forget the pinned certificate of a server, by its address, UUID or name; False if none was pinned.

    Do so after a server was set up anew. The certificate that it has at the next connection is pinned then.
    """
    return Pins().forget(server)
