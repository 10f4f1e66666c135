"""A package of a run is signed so that a change of any byte shows, and describes its files as an RO-Crate."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.x509.oid import NameOID
from rocrate.rocrate import ROCrate

from sila_ot2.sila.identity import make_certificate
from sila_ot2.store.run_crate import METADATA, PackedFile, crate_metadata
from sila_ot2.store.run_package import MANIFEST, PackageDamaged, Signer, pack, verify
from sila_ot2.store.runs import RunRecord, RunStart
from sila_ot2.times import utc_now

SERVER = "6a8b4f0e-5f0c-4d2e-9c33-0f5a3b1c7d11"
RUN = "0d2c9d0c-9f64-4b7e-9d0f-5e4f3a2b1c0d"
FILES = {"record.json": b'{"run": 1}', "protocol/plate.py": b"print()\n" * 50, "pictures/001-end.jpg": bytes(300)}


def signer() -> Signer:
    key, certificate = make_certificate(UUID(SERVER), ["127.0.0.1"], utc_now())
    return Signer(SERVER, key, certificate)


@pytest.fixture(scope="module")
def package() -> bytes:
    return pack(FILES, {"run": RUN}, signer())


def test_a_package_is_a_zip_with_the_files_and_verifies(package: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in FILES} == FILES
    manifest = verify(package).manifest
    assert (manifest["run"], manifest["server"]) == (RUN, SERVER)
    assert set(manifest["files"]) == {*FILES, "certificate.pem"}


def test_one_changed_byte_anywhere_is_found(package: bytes) -> None:
    seed = random.Random(11)  # noqa: S311 (no secret)
    places = {*range(0, len(package), 37), *range(len(package) - 1600, len(package), 9), len(package) - 1}
    for place in places:
        changed = bytearray(package)
        changed[place] ^= 1 << seed.randrange(8)
        with pytest.raises(PackageDamaged):
            verify(bytes(changed))


@pytest.mark.parametrize("change", [lambda p: p[1:], lambda p: p[:-1], lambda p: p + b" ", lambda p: b"x" + p])
def test_cut_off_or_longer_is_found(package: bytes, change: object) -> None:
    with pytest.raises(PackageDamaged):
        verify(change(package))  # type: ignore[operator]


@pytest.mark.parametrize("content", [b"", b"PK", bytes(5000), b"x" * 5000])
def test_a_file_that_is_not_a_package_is_refused(content: bytes) -> None:
    with pytest.raises(PackageDamaged, match="not a package"):
        verify(content)


def test_a_file_that_is_not_in_the_manifest_is_found_though_the_signature_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_another_name(document: object) -> bytes:
        assert isinstance(document, dict)
        return json.dumps({**document, "files": {**document["files"], "another": "0"}}).encode()

    monkeypatch.setattr("sila_ot2.store.run_package._json", with_another_name)
    with pytest.raises(PackageDamaged, match="manifest"):
        verify(pack(FILES, {}, signer()))


def self_signed(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> Signer:
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lab")]), utc_now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256() if isinstance(key, rsa.RSAPrivateKey) else None)
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Signer(SERVER, private, certificate.public_bytes(serialization.Encoding.PEM))


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_the_certificate_of_the_laboratory_signs_too(kind: str) -> None:
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ed25519.Ed25519PrivateKey.generate()
    own = self_signed(key)
    found = verify(pack(FILES, {}, own))
    assert found.certificate == x509.load_pem_x509_certificate(own.certificate_chain)


def test_the_private_key_is_not_shown() -> None:
    assert "PRIVATE" not in repr(signer())


def test_the_crate_describes_every_file_and_the_run_as_an_action(tmp_path: Path) -> None:
    at = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone.utc)
    start = RunStart(run_id=RUN, origin="ThisServer", purpose="protocol", created_at=at, protocol_name="Plate")
    record = RunRecord(start=start, result="Failed", started_at=at, completed_at=at, seen_ended_at=at, error="No tip.")
    files = {name: PackedFile(content, name, is_input=name.startswith("protocol")) for name, content in FILES.items()}
    file = tmp_path / "package.zip"
    file.write_bytes(pack({METADATA: crate_metadata(record, files, SERVER), **FILES}, {}, signer()))
    crate = ROCrate(file)
    described = {entity.id: entity for entity in crate.data_entities}
    assert set(described) == set(FILES)
    assert described["pictures/001-end.jpg"]["encodingFormat"] == "image/jpeg"
    assert described["protocol/plate.py"]["contentSize"] == str(len(FILES["protocol/plate.py"]))
    (action,) = [entity for entity in crate.contextual_entities if entity.type == "CreateAction"]
    assert action["object"].id == "protocol/plate.py"
    assert {entity.id for entity in action["result"]} == {"record.json", "pictures/001-end.jpg"}
    assert (action["actionStatus"], action["error"]) == ("http://schema.org/FailedActionStatus", "No tip.")
    assert all(crate.root_dataset[needed] for needed in ("name", "description", "datePublished", "license"))
    assert MANIFEST not in described
