"""UUID, name and certificate: the same from start to start, owner-only, and good enough for strict clients."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import stat
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.x509.oid import NameOID
from sila2.framework import SilaConnectionError

from sila_ot2.sila import Identity, IdentityDamaged, Server, load_identity
from sila_ot2.sila.client import CannotConnect, Client, connect
from sila_ot2.sila.identity import SILA_UUID_EXTENSION, make_certificate
from tests.fakes.small_device import SmallDevice
from tests.waiting import wait_for

HOSTS = ["localhost", "robot1.lab", "127.0.0.1", "::1"]
NOW = dt.datetime(2026, 5, 1, tzinfo=dt.timezone.utc)


def load(folder: Path, name: str = "SmallDevice", hosts: Sequence[str] = HOSTS, **options: Any) -> Identity:
    return load_identity(folder, name=name, hosts=hosts, **options)


def test_identity_stays_the_same_from_start_to_start(tmp_path: Path) -> None:
    first = load(tmp_path)
    assert load(tmp_path, name="Other") == first


def test_name_given_by_a_client_is_kept(tmp_path: Path) -> None:
    renamed = load(tmp_path).renamed("Left device")
    assert load(tmp_path) == renamed
    assert renamed.name == "Left device"


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    load(tmp_path / "identity")
    files = list((tmp_path / "identity").iterdir())
    assert {file.name for file in files} == {"server.json", "server.key", "server.crt"}
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert stat.S_IMODE((tmp_path / "identity").stat().st_mode) == 0o700


def test_certificate_is_what_the_standard_wants(tmp_path: Path) -> None:
    identity = load(tmp_path)
    certificate = x509.load_pem_x509_certificate(identity.certificate_chain)
    assert certificate.subject.rfc4514_string() == "CN=SiLA2"
    extension = certificate.extensions.get_extension_for_oid(SILA_UUID_EXTENSION).value
    assert extension.value == str(identity.uuid).encode()  # type: ignore[attr-defined]
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "robot1.lab"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    key = certificate.public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    assert len(identity.ca) < 900, "short enough for one packet"


def test_certificate_about_to_end_is_renewed_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    old = load(tmp_path, now=NOW)
    assert load(tmp_path, now=old.expires - dt.timedelta(days=31)) == old
    assert not caplog.records
    new = load(tmp_path, now=old.expires - dt.timedelta(days=29))
    assert new.certificate_chain != old.certificate_chain
    assert new.uuid == old.uuid
    assert "is renewed (it ends on" in caplog.text


def test_certificate_that_lacks_a_host_is_renewed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    old = load(tmp_path, hosts=["localhost"])
    assert load(tmp_path).certificate_chain != old.certificate_chain
    assert "does not name robot1.lab, 127.0.0.1, ::1" in caplog.text


def test_own_certificate_is_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    identity = load(tmp_path / "state")
    key, chain = make_certificate(identity.uuid, ["robot1.lab"], NOW)
    (tmp_path / "own.key").write_bytes(key)
    (tmp_path / "own.crt").write_bytes(chain)
    files = {"certificate_file": tmp_path / "own.crt", "key_file": tmp_path / "own.key"}
    own = load(tmp_path / "state", now=NOW, **files)  # type: ignore[arg-type]
    assert (own.private_key, own.certificate_chain, own.ca, own.uuid) == (key, chain, chain, identity.uuid)
    load(tmp_path / "state", now=own.expires - dt.timedelta(days=1), **files)  # type: ignore[arg-type]
    assert "renew it" in caplog.text
    with pytest.raises(ValueError, match="ended on"):
        load(tmp_path / "state", now=own.expires + dt.timedelta(days=1), **files)  # type: ignore[arg-type]


def test_certificate_and_key_must_belong_together(tmp_path: Path) -> None:
    identity = load(tmp_path / "state")
    for name, content in zip(("one.key", "two.crt"), (identity.private_key, identity.certificate_chain), strict=True):
        (tmp_path / name).write_bytes(content)
    other, _ = make_certificate(identity.uuid, ["robot1.lab"], NOW)
    (tmp_path / "other.key").write_bytes(other)
    with pytest.raises(ValueError, match="give both"):
        load(tmp_path / "state", key_file=tmp_path / "one.key")
    with pytest.raises(ValueError, match="does not belong"):
        load(tmp_path / "state", certificate_file=tmp_path / "two.crt", key_file=tmp_path / "other.key")


# --- served ---------------------------------------------------------------------------------------------------------


def test_another_certificate_in_the_place_of_the_own_one_is_left_alone(tmp_path: Path) -> None:
    load(tmp_path)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "another")])
    now = dt.datetime.now(dt.timezone.utc)
    another = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    another = another.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=365))
    signed = another.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "server.crt").write_bytes(signed)
    (tmp_path / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    with pytest.raises(IdentityDamaged, match=r"server\.crt"):
        load(tmp_path)
    assert (tmp_path / "server.crt").read_bytes() == signed


def test_client_with_the_pinned_certificate_survives_a_restart(
    serve: Callable[..., Server], client_of: Callable[..., Client], tmp_path: Path
) -> None:
    identity = load(tmp_path)
    server = serve(identity=identity)
    client = client_of(server, insecure=False, ca=identity.ca)
    with client.SmallDevice.Level.subscribe() as subscription:
        assert next(subscription) == 1
    assert client.SmallDevice.Store(bytes(3_000_000)).Size == 3_000_000
    server.stop(1.0)
    serve(identity=load(tmp_path), port=server.port)
    wait_for(lambda: _answers(client))


def _answers(client: Any) -> bool:
    try:
        return bool(client.SmallDevice.Serial.get() == "4711")
    except SilaConnectionError:
        return False


def test_client_that_trusts_another_certificate_does_not_connect(serve: Callable[..., Server], tmp_path: Path) -> None:
    server = serve(identity=load(tmp_path / "one"))
    with pytest.raises(CannotConnect, match="does not have the trusted certificate"):
        connect("127.0.0.1", server.port or 0, ca=load(tmp_path / "two").ca, timeout_s=1)


def test_client_takes_the_certificate_as_a_file(
    serve: Callable[..., Server], client_of: Callable[..., Client], tmp_path: Path
) -> None:
    client = client_of(serve(identity=load(tmp_path)), insecure=False, ca=tmp_path / "server.crt")
    assert client.SmallDevice.Serial.get() == "4711"


def test_nobody_there_is_reported() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        with pytest.raises(CannotConnect, match=f"No server answers on 127.0.0.1:{port}"):
            connect("127.0.0.1", port, insecure=True, timeout_s=0.5)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_ipv6_is_served_and_named(device: SmallDevice, tmp_path: Path) -> None:
    from sila_ot2.sila import FeatureBinding
    from tests.fakes.definitions import SMALL_DEVICE
    from tests.unit.sila.conftest import INFO

    identity = load(tmp_path)
    info = type(INFO)(**{**vars(INFO), "uuid": identity.uuid})
    server = Server(info, [FeatureBinding(SMALL_DEVICE, device)])
    try:
        server.start("::1", 0, identity)
    except OSError:
        pytest.skip("no IPv6 address on this machine")
    try:
        with connect("::1", server.port or 0, ca=identity.ca, timeout_s=30) as client:
            assert client.SmallDevice.Serial.get() == "4711"
    finally:
        server.stop(1.0)


def test_strict_verification_accepts_the_certificate(tmp_path: Path) -> None:
    """What Python 3.13 does by default, and other clients with it; in both names of the certificate."""
    identity = load(tmp_path)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(tmp_path / "server.crt", tmp_path / "server.key")
    asking = ssl.create_default_context(cadata=identity.ca.decode())
    asking.verify_flags |= ssl.VERIFY_X509_STRICT
    for name in HOSTS:
        ours, theirs = socket.socketpair()
        accepting = threading.Thread(target=_accept, args=(serving, theirs))
        accepting.start()
        with asking.wrap_socket(ours, server_hostname=name) as connection:
            assert connection.version() == "TLSv1.3"
            assert connection.recv(1) == b"!"
        accepting.join()


def _accept(serving: ssl.SSLContext, theirs: socket.socket) -> None:
    with serving.wrap_socket(theirs, server_side=True) as connection:
        connection.send(b"!")
