"""The certificate and the key of a client, before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from sila_ot2.client.certificates import Address, verify
from tests.fakes.certificates import Authority

NOWHERE = Address("127.0.0.1", 9)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "laboratory")


@pytest.mark.parametrize("missing", ["certificate", "key"])
def test_a_file_that_is_missing_is_named(authority: Authority, missing: str) -> None:
    identity = authority.identity("client")
    file: Path = getattr(identity, missing)
    file.unlink()
    with pytest.raises(FileNotFoundError) as raised:
        verify(NOWHERE, authority.file.read_bytes(), 1, (identity.certificate, identity.key))
    assert raised.value.filename == str(file)


def test_a_key_with_a_password_is_refused_and_nobody_is_asked_for_it(authority: Authority) -> None:
    identity = authority.identity("client")
    key = serialization.load_pem_private_key(identity.key.read_bytes(), password=None)
    encrypted = serialization.BestAvailableEncryption(b"secret")
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    identity.key.write_bytes(key.private_bytes(pem, form, encrypted))
    with pytest.raises(ValueError, match="are not a certificate with its private key"):
        verify(NOWHERE, authority.file.read_bytes(), 1, (identity.certificate, identity.key))
