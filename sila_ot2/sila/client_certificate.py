"""The certificate by which a client is known (mutual TLS)."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ClientCertificate:
    """The certificate of a client, which was checked when it connected.

    Attributes:
        name: its common name; empty if it has none.
        pem: the certificate itself.
    """

    name: str
    pem: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Its SHA-256, hexadecimal."""
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.pem.decode())).hexdigest()
