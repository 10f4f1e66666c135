"""Certificates as an authority of a laboratory makes them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sila_ot2.client import ClientIdentity


def certificate(subject: str, key: Any, issuer: str, issuer_key: Any, *names: str) -> bytes:
    """A certificate (PEM); without names, that of an authority."""
    now = dt.datetime.now(dt.timezone.utc)
    subject_name, issuer_name = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in (subject, issuer))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject_name)
        .issuer_name(issuer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def private(key: Any) -> bytes:
    """A private key (PEM)."""
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return bytes(key.private_bytes(pem, form, serialization.NoEncryption()))


class Authority:
    """An authority that signs certificates of clients."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.file = folder / f"{name}.crt"
        self.file.write_bytes(certificate(name, self._key, name, self._key))

    def identity(self, subject: str) -> ClientIdentity:
        """Certificate and key of a client."""
        key = ec.generate_private_key(ec.SECP256R1())
        identity = ClientIdentity(self._folder / f"{subject}.crt", self._folder / f"{subject}.key")
        identity.certificate.write_bytes(certificate(subject, key, self._name, self._key, "client.lab"))
        identity.key.write_bytes(private(key))
        return identity
