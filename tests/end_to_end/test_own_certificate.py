"""A certificate of the laboratory's own authority instead of the one the server makes."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sila_ot2.client import connect
from sila_ot2.sila.client import connect as connect_generic
from tests.processes import ServerProcess, serve

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def pair(tmp_path: Path) -> Any:
    """As an authority that knows nothing of SiLA would make it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ot2.lab")])
    now = dt.datetime.now(dt.timezone.utc)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=60))
        .add_extension(address, critical=False)
    )
    pem = serialization.Encoding.PEM
    (tmp_path / "own.crt").write_bytes(certificate.sign(key, hashes.SHA256()).public_bytes(pem))
    (tmp_path / "own.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return tmp_path


def _config(pair: Any, text: str) -> str:
    file = pair / "server.toml"
    file.write_text(text)
    return str(file)


def test_clients_trust_the_given_certificate(server_process: Callable[..., ServerProcess], pair: Any) -> None:
    config = _config(pair, f'[tls]\ncertificate = "{pair}/own.crt"\nkey = "{pair}/own.key"\n')
    server = server_process("--no-discovery", "--config", config, robot=NOBODY)
    assert server.ca_file == pair / "own.crt"
    with pytest.warns(UserWarning, match="missing the extension"):  # SiLA's extension is for self-signed certificates
        client = connect_generic("127.0.0.1", server.port, ca=server.ca_file)
    with client:
        assert client.SiLAService.ServerType.get() == "OpentronsOT2"


def test_without_the_lock_no_call_is_affected_by_its_metadata(
    server_process: Callable[..., ServerProcess], pair: Any
) -> None:
    server = server_process("--no-discovery", "--config", _config(pair, "[lock]\nenabled = false\n"), robot=NOBODY)
    with connect(f"127.0.0.1:{server.port}", certificate=server.ca_file) as client:
        assert "LockController" not in " ".join(client.sila_service.implemented_features.get())


def test_a_certificate_without_its_key_is_refused_in_one_line(pair: Any) -> None:
    config = _config(pair, f'[tls]\ncertificate = "{pair}/own.crt"\n')
    process = serve("--robot", NOBODY, "--port", "0", "--state-dir", str(pair / "state"), "--config", config)
    _, reported = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "tls: A certificate needs its private key" in reported
    assert reported.count("\n") == 1
