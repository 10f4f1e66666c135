"""How a client finds a server, and verifies that it is the right one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import grpc

from sila_ot2.client import certificates, discovery
from sila_ot2.client.base_errors import ServerUnreachable
from sila_ot2.client.certificates import Address, Trust
from sila_ot2.client.pins import Pin, Pins

DEFAULT_ADDRESS = "127.0.0.1:50064"
DEFAULT_PORT = 50064


@dataclass(frozen=True)
class ClientIdentity:
    """What a client shows to servers that ask for it (mutual TLS).

    Attributes:
        certificate: file with the client's certificate, PEM.
        key: file with its private key, PEM, without a password.
    """

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Target:
    """A server that was tried: it answers, and it is the trusted one.

    Attributes:
        address: where it is.
        trust: what it is trusted by, None if it does not encrypt.
        first_use: whether its certificate is to be pinned, once its UUID is known.
        uuid: the UUID it must have; empty if any will do.
        identity: what the client shows; None shows nothing.
    """

    address: Address
    trust: Trust | None
    first_use: bool
    uuid: str
    identity: ClientIdentity | None = None

    def credentials(self) -> grpc.ChannelCredentials | None:
        """What gRPC trusts the server by, None if it does not encrypt."""
        if self.trust is None:
            return None
        if self.identity is None:
            return grpc.ssl_channel_credentials(self.trust.certificate)
        key, certificate = self.identity.key.read_bytes(), self.identity.certificate.read_bytes()
        return grpc.ssl_channel_credentials(self.trust.certificate, key, certificate)

    def options(self) -> list[tuple[str, str]]:
        """Options of the channel."""
        named = self.trust is not None and self.trust.name is not None
        return [("grpc.ssl_target_name_override", str(self.trust.name))] if named and self.trust else []

    def remember(self, uuid: str, name: str) -> None:
        """Note that the server answers as this one, and pin its certificate if it is new.

        Raises:
            ServerUnreachable: it is another server than the one looked for.
            WrongCertificate: the server with this UUID was pinned with another certificate.
        """
        if self.uuid and uuid.lower() != self.uuid.lower():
            raise ServerUnreachable(f"At {self.address} answers {name} ({uuid}), not the server {self.uuid}.")
        if self.first_use and self.trust is not None:
            Pins().add(Pin(str(self.address), uuid, name, self.trust.certificate.decode()))


def locate(
    address: str | None, *, name: str | None, uuid: str | None, certificate: Path | str | bytes | None, insecure: bool,
    timeout_s: float, identity: ClientIdentity | None = None,
) -> Target:  # fmt: skip
    """Find a server and check that it is the trusted one.

    Raises:
        ServerNotFound: discovery does not find it.
        ServerUnreachable: nobody answers at its address.
        NotEncrypted: it does not encrypt, and `insecure` was not asked for.
        Encrypted: it encrypts, and `insecure` was asked for.
        WrongCertificate: it does not have the trusted certificate.
        ClientCertificateNeeded: it asks for a certificate of the client, and was shown none that it accepts.
        NotASilaServer: what answers is not a SiLA 2 server.
        OSError: the files of the identity cannot be read.
        ValueError: the arguments make no sense together.
    """
    if sum(given is not None for given in (address, name, uuid)) > 1:
        raise ValueError("Give one of address, name and uuid")
    if insecure and certificate is not None:
        raise ValueError("A server that does not encrypt has no certificate: give either certificate or insecure")
    if name is not None or uuid is not None:
        found = discovery.find(name=name, uuid=uuid, timeout_s=timeout_s)
        uuid = str(found.uuid)
        candidates = [Address(place, found.port) for place in found.addresses]
    else:
        candidates = [Address.parse(address or DEFAULT_ADDRESS, DEFAULT_PORT)]
    for candidate in candidates[:-1]:
        try:
            return _check(candidate, uuid or "", certificate, timeout_s, identity, insecure=insecure)
        except ServerUnreachable:
            continue  # a server announces all its addresses, also those that do not lead here
    return _check(candidates[-1], uuid or "", certificate, timeout_s, identity, insecure=insecure)


def _check(
    address: Address,
    uuid: str,
    certificate: Path | str | bytes | None,
    timeout_s: float,
    identity: ClientIdentity | None,
    *,
    insecure: bool,
) -> Target:
    if insecure:
        certificates.expect_plaintext(address, timeout_s)
        return Target(address, None, first_use=False, uuid=uuid)
    first_use = False
    if certificate is not None:
        trusted = certificate if isinstance(certificate, bytes) else Path(certificate).read_bytes()
    elif (pin := Pins().find(address=str(address), uuid=uuid)) is not None:
        trusted = pin.certificate.encode()
    else:
        trusted, first_use = certificates.fetch(address, timeout_s), True
    own = None if identity is None else (identity.certificate, identity.key)
    return Target(address, certificates.verify(address, trusted, timeout_s, own), first_use, uuid, identity)
