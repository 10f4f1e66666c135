"""Who a server is: UUID, name, and a certificate that stays the same from start to start."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sila_ot2.files import private_folder, replace_file
from sila_ot2.times import utc_now

_log = logging.getLogger(__name__)

Parsed = TypeVar("Parsed")
_NEW_CERTIFICATE = (
    "move server.key and server.crt beside it away and start again: the server then makes a new certificate, which its "
    "clients must trust anew."
)

SILA_UUID_EXTENSION = x509.ObjectIdentifier("1.3.6.1.4.1.58583")
_USAGES = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)
"""The second is for the connections that the server opens to clients."""
_LIFETIME = dt.timedelta(days=825)
_RENEW_BEFORE = dt.timedelta(days=30)
_DIGITAL_SIGNATURE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


class IdentityDamaged(Exception):
    """A kept file cannot be read any more. It was not changed.

    Attributes:
        remedy: what the operator can do.
    """

    def __init__(self, file: Path, *, otherwise: str) -> None:
        super().__init__(f"{file} is damaged")
        self.remedy = f"Restore it from a backup. Without one, {otherwise}"


@dataclass(frozen=True)
class Identity:
    """A server's identity.

    Attributes:
        uuid: the server's UUID.
        name: its name.
        private_key: PEM.
        certificate_chain: PEM, the server's own certificate first.
        ca: PEM of what a client must trust: the certificate itself when it is self-signed, else its authority's.
        directory: where it is kept, None for one that is not.
    """

    uuid: UUID
    name: str
    private_key: bytes
    certificate_chain: bytes
    ca: bytes
    directory: Path | None = None

    @property
    def expires(self) -> dt.datetime:
        """When the certificate ends."""
        return x509.load_pem_x509_certificate(self.certificate_chain).not_valid_after_utc

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` writes it."""
        digest = x509.load_pem_x509_certificate(self.certificate_chain).fingerprint(hashes.SHA256())
        return digest.hex(":").upper()

    def renamed(self, name: str) -> Identity:
        """The same with another name, kept."""
        renamed = replace(self, name=name)
        if self.directory is not None:
            replace_file(self.directory / "server.json", json.dumps({"uuid": str(self.uuid), "name": name}).encode())
        return renamed


def load_identity(
    directory: Path,
    *,
    name: str,
    hosts: Sequence[str],
    certificate_file: Path | None = None,
    key_file: Path | None = None,
    ca_file: Path | None = None,
    now: dt.datetime | None = None,
) -> Identity:
    """Load the identity kept in a directory, or make one and keep it there, readable by its owner only.

    A self-signed certificate is made anew, with a warning because clients that pinned it must know, when it ends
    within 30 days or does not name all `hosts`.

    Args:
        directory: the state directory's folder for it.
        name: the server's name as long as none is kept.
        hosts: DNS names and IP addresses under which clients reach the server.
        certificate_file: a certificate chain (PEM) to use instead of one of our own.
        key_file: its private key (PEM, without password).
        ca_file: the authority that signed it (PEM), to be announced; may be left out.
        now: the present time (tests).

    Raises:
        IdentityDamaged: what is kept cannot be read any more.
        ValueError: one of the given files is not in PEM format, only one of certificate and key is given, they do not
            belong together, or the certificate has ended.
        OSError: the files cannot be read or written.
    """
    now = now or utc_now()
    private_folder(directory)
    uuid, name = _kept_name(directory / "server.json", name)
    if certificate_file is not None or key_file is not None:
        if certificate_file is None or key_file is None:
            raise ValueError("A certificate needs its private key and a private key its certificate: give both files")
        chain, key = certificate_file.read_bytes(), key_file.read_bytes()
        own = _parsed(x509.load_pem_x509_certificate, chain, certificate_file, "a certificate")
        public = _parsed(_public_key, key, key_file, "a private key without password")
        _check_own(own, public, now)
        ca = ca_file.read_bytes() if ca_file else chain
        _parsed(x509.load_pem_x509_certificates, ca, ca_file or certificate_file, "a certificate")
        return Identity(uuid, name, key, chain, ca, directory)
    key_path, certificate_path = directory / "server.key", directory / "server.crt"
    reason = "there is none yet"
    if key_path.exists() and certificate_path.exists():
        chain, key = certificate_path.read_bytes(), key_path.read_bytes()
        certificate = _kept(x509.load_pem_x509_certificate, chain, certificate_path)
        if _kept(_public_key, key, key_path) != certificate.public_key():
            raise IdentityDamaged(key_path, otherwise=_NEW_CERTIFICATE)
        try:
            reason = _why_renew(certificate, uuid, hosts, now)
        except (x509.ExtensionNotFound, ValueError) as error:  # it is another certificate than those made here
            raise IdentityDamaged(certificate_path, otherwise=_NEW_CERTIFICATE) from error
        if not reason:
            return Identity(uuid, name, key, chain, chain, directory)
        former = certificate.fingerprint(hashes.SHA256()).hex()[:16]
        replace_file(directory / f"former-{former}.crt", chain)  # what was signed with its key can still be checked
        _log.warning("the server's certificate is renewed (%s): clients that pinned it need the new one", reason)
    key, chain = make_certificate(uuid, hosts, now)
    replace_file(key_path, key)
    replace_file(certificate_path, chain)
    _log.info("made a certificate for %s (%s), kept in %s", ", ".join(hosts), reason, certificate_path)
    return Identity(uuid, name, key, chain, chain, directory)


def make_certificate(uuid: UUID, hosts: Sequence[str], now: dt.datetime) -> tuple[bytes, bytes]:
    """Make a private key and a self-signed certificate as SiLA 2 (Part B) wants it: CN SiLA2, UUID in an extension.

    Elliptic (P-256), because its PEM text is short enough to be announced within one packet. It is no authority: who
    trusts it trusts this server and nothing else. The extensions are those that strict verification (Python 3.13)
    asks for.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SiLA2")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))  # clocks in a laboratory differ
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_DIGITAL_SIGNATURE, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(host) for host in hosts]), critical=False)
        .add_extension(x509.ExtendedKeyUsage(_USAGES), critical=False)
        .add_extension(x509.UnrecognizedExtension(SILA_UUID_EXTENSION, str(uuid).encode("ascii")), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate.public_bytes(serialization.Encoding.PEM)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _kept_name(path: Path, name: str) -> tuple[UUID, str]:
    if path.exists():
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            return UUID(kept["uuid"]), str(kept["name"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise IdentityDamaged(
                path,
                otherwise="move it away and start again: the server then has a new UUID, and its clients must be told.",
            ) from error
    uuid = uuid4()
    replace_file(path, json.dumps({"uuid": str(uuid), "name": name}).encode())
    return uuid, name


def _kept(parse: Callable[[bytes], Parsed], content: bytes, file: Path) -> Parsed:
    try:
        return parse(content)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise IdentityDamaged(file, otherwise=_NEW_CERTIFICATE) from error


def _parsed(parse: Callable[[bytes], Parsed], content: bytes, file: Path, what: str) -> Parsed:
    try:
        return parse(content)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # TypeError: it has a password
        raise ValueError(f"{file} is not {what} in PEM format") from error


def _public_key(private_key: bytes) -> object:
    return serialization.load_pem_private_key(private_key, password=None).public_key()


def _why_renew(certificate: x509.Certificate, uuid: UUID, hosts: Sequence[str], now: dt.datetime) -> str:
    """Why a certificate of ours does not serve any more; empty when it does."""
    if certificate.not_valid_after_utc - now < _RENEW_BEFORE:
        return f"it ends on {certificate.not_valid_after_utc:%Y-%m-%d}"
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    missing = [host for host in hosts if _general_name(host) not in list(named)]
    if missing:
        return f"it does not name {', '.join(missing)}"
    extension = certificate.extensions.get_extension_for_oid(SILA_UUID_EXTENSION).value
    if not isinstance(extension, x509.UnrecognizedExtension) or extension.value != str(uuid).encode("ascii"):
        return "it belongs to another server"
    return ""


def _check_own(certificate: x509.Certificate, public: object, now: dt.datetime) -> None:
    if public != certificate.public_key():
        raise ValueError("The private key does not belong to the certificate")
    if certificate.not_valid_after_utc < now:
        raise ValueError(f"The certificate ended on {certificate.not_valid_after_utc:%Y-%m-%d}")
    if certificate.not_valid_after_utc - now < _RENEW_BEFORE:
        _log.warning("the server's certificate ends on %s: renew it", f"{certificate.not_valid_after_utc:%Y-%m-%d}")
