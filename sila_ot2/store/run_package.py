"""Packages of runs: a zip file with everything that is kept of a run, signed so that a change of any byte shows.

The file ends with the signature, as the comment of the zip: it is over all bytes before the comment. Inside are an
RO-Crate, which describes every file, a manifest with their hashes, and the certificate that the signature fits.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from sila_ot2.times import utc_now

FORMAT = "sila-ot2 run package 1"
MANIFEST, CERTIFICATE = "manifest.json", "certificate.pem"
_LABEL = b"sila-ot2 signature "
_COMMENT_BYTES = 1500
"""Room for the signature of an RSA key of 8192 bits; the rest is spaces."""
_CERTIFICATE_BYTES = 100_000
_STORED = (".jpg",)
"""Kinds of files that are compressed already."""


class PackageDamaged(Exception):
    """The file is no package of a run, or it was changed; the message says which."""


@dataclass(frozen=True)
class Signer:
    """Signs packages with the key of a server.

    Attributes:
        server: the UUID of the server.
        private_key: PEM.
        certificate_chain: PEM, the certificate of the key first.
    """

    server: str
    private_key: bytes = field(repr=False)
    certificate_chain: bytes

    def sign(self, content: bytes) -> bytes:
        """Return the signature over `content`, with SHA-256."""
        key = serialization.load_pem_private_key(self.private_key, password=None)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(content, ec.ECDSA(hashes.SHA256()))
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return key.sign(content)
        raise TypeError(f"{type(key).__name__} cannot sign packages")


@dataclass(frozen=True)
class Verified:
    """A package that is as it was signed.

    Attributes:
        certificate: of the key that it was signed with; the caller decides whether to trust it.
        manifest: what the package says of itself.
    """

    certificate: x509.Certificate
    manifest: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` writes it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def pack(files: Mapping[str, bytes], facts: Mapping[str, Any], signer: Signer) -> bytes:
    """Return the package of some files.

    Args:
        files: contents by name.
        facts: what the manifest says beside the hashes of the files.
        signer: signs it.
    """
    files = {**files, CERTIFICATE: signer.certificate_chain}
    hashed = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    made_at = utc_now()
    manifest = {"format": FORMAT, "made_at": made_at.isoformat(), "server": signer.server, **facts, "files": hashed}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, MANIFEST: _json(manifest)}.items():
            entry = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            stored = name.endswith(_STORED)
            archive.writestr(entry, content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
        archive.comment = b" " * _COMMENT_BYTES
    signed = out.getvalue()[:-_COMMENT_BYTES]
    return signed + _comment(signer.sign(signed))


def verify(package: bytes) -> Verified:
    """Check that no byte of a package was changed since it was signed.

    Raises:
        PackageDamaged: it was changed, or is none.
    """
    signed, comment = package[:-_COMMENT_BYTES], package[-_COMMENT_BYTES:]
    if not comment.startswith(_LABEL):
        raise PackageDamaged("it is not a package of a run, or its end was changed")
    try:
        signature = base64.b64decode(comment[len(_LABEL) :].rstrip(b" "), validate=True)
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            if archive.getinfo(CERTIFICATE).file_size > _CERTIFICATE_BYTES:
                raise PackageDamaged("its certificate was changed")
            certificate = x509.load_pem_x509_certificate(archive.read(CERTIFICATE))
            if comment != _comment(signature):
                raise PackageDamaged("its signature was changed")
            _require_signed(certificate, signature, signed)
            return Verified(certificate, _checked_manifest(archive))
    except PackageDamaged:
        raise
    except Exception as error:  # whatever changed bytes do to the readers of zip files and certificates
        raise PackageDamaged(f"it was changed, and cannot be read any more ({error})") from error


def _comment(signature: bytes) -> bytes:
    return (_LABEL + base64.b64encode(signature)).ljust(_COMMENT_BYTES)


def _require_signed(certificate: x509.Certificate, signature: bytes, signed: bytes) -> None:
    key = certificate.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, signed)
        else:
            raise PackageDamaged("its certificate has a key that signs no packages")
    except InvalidSignature as error:
        raise PackageDamaged("the signature does not fit: something in it was changed") from error


def _checked_manifest(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    """Return the manifest of a package whose signature fits; its writer may still have made a mistake."""
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise PackageDamaged(f"it has the format {manifest['format']!r}, which this release does not know")
    found = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != MANIFEST}
    if found != manifest["files"]:
        raise PackageDamaged("its files are not those of its manifest")
    return manifest


def _json(document: Any) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
