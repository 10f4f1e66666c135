"""Which server answers at an address, and whether it is the trusted one.

gRPC reports a wrong certificate, a server that does not encrypt, and nobody at all as the same failure. So the address
is tried with the standard library's TLS first.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sila_ot2.client.base_errors import (
    ClientCertificateNeeded,
    ConnectionProblem,
    Encrypted,
    NotASilaServer,
    NotEncrypted,
    ServerUnreachable,
    WrongCertificate,
)

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
"""What an HTTP/2 client sends first, with empty settings."""
ACCEPTANCE_S = 0.5
"""How long a server may take to refuse a client's certificate; one that takes longer is not waited for."""
SETTINGS_FRAME = 4


@dataclass(frozen=True)
class Address:
    """A host and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, text: str, default_port: int) -> Address:
        """Read HOST or HOST:PORT; an IPv6 address with a port is in brackets.

        Raises:
            ValueError: it is neither.
        """
        bare = text if "]:" in text else text.strip("[]")  # a zone (%eth0) would take everything behind it
        try:
            return cls(str(ipaddress.ip_address(bare)), default_port)
        except ValueError:
            host, colon, port = text.rpartition(":")
        if not colon:
            host, port = text, str(default_port)
        if not host or not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:
            raise ValueError(f"{text!r} is not HOST:PORT, for example 192.168.1.20:{default_port}")
        return cls(host.strip("[]"), int(port))


@dataclass(frozen=True)
class Trust:
    """What gRPC needs to trust the server.

    Attributes:
        certificate: the trusted certificates, PEM.
        name: the name that gRPC has to find in the certificate, None for the host.
    """

    certificate: bytes
    name: str | None


def fetch(address: Address, timeout_s: float) -> bytes:
    """Return the certificate (PEM) of the server at an address, without checking it.

    Raises:
        ServerUnreachable: nobody answers there.
        NotEncrypted: the server does not encrypt.
        NotASilaServer: what answers speaks neither TLS nor HTTP/2.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with _handshake(address, context, timeout_s) as connection:
        return ssl.DER_cert_to_PEM_cert(connection.getpeercert(binary_form=True) or b"").encode()


def verify(address: Address, trusted: bytes, timeout_s: float, own: tuple[Path, Path] | None = None) -> Trust:
    """Check that the server at an address has a trusted certificate, and accepts the client's if it asks for one.

    Args:
        address: where it is.
        trusted: one or more certificates (PEM): the server's own or its authority's.
        timeout_s: how long to wait for it.
        own: files with the certificate and the private key of the client.

    Raises:
        ServerUnreachable: nobody answers there.
        NotEncrypted: the server does not encrypt.
        ClientCertificateNeeded: it asks for a certificate of the client, and was shown none that it accepts.
        WrongCertificate: it is another server, or its certificate has ended.
        NotASilaServer: what answers speaks neither TLS nor HTTP/2.
        OSError: the files of the client cannot be read.
        ValueError: `trusted` is no certificate, or those of the client are none with its key.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # a pinned certificate identifies the server, under any name
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(cadata=trusted.decode("ascii"))
    except (UnicodeDecodeError, ssl.SSLError) as error:
        raise ValueError(f"The trusted certificate is not in PEM format: {error}") from error
    if own is not None:
        for file in own:
            file.read_bytes()  # its error names the file, that of load_cert_chain does not
        try:
            context.load_cert_chain(*own, password="")  # else it would ask for the password of a key
        except ssl.SSLError as error:
            raise ValueError(f"{own[0]} and {own[1]} are not a certificate with its private key: {error}") from error
    with _handshake(address, context, timeout_s) as connection:
        servers = connection.getpeercert(binary_form=True) or b""
        described: dict[str, Any] = connection.getpeercert() or {}
        names = [str(value) for _, value in described.get("subjectAltName", ())]
        _expect_acceptance(address, connection)
    if address.host in names:
        return Trust(trusted, None)
    if ssl.DER_cert_to_PEM_cert(servers).strip() in trusted.decode().replace("\r\n", "\n") and names:
        return Trust(trusted, names[0])
    raise WrongCertificate(
        f"The certificate of {address} is for {', '.join(names) or 'no name'}, not for {address.host}. Connect by one "
        f"of these names, or trust the server's own certificate."
    )


def expect_plaintext(address: Address, timeout_s: float) -> None:
    """Check that a server that does not encrypt answers at an address.

    Raises:
        ServerUnreachable: nobody answers there.
        Encrypted: the server encrypts.
        NotASilaServer: what answers does not speak HTTP/2.
    """
    if isinstance(problem := _plaintext(address, timeout_s), NotEncrypted):
        return
    try:
        fetch(address, timeout_s)
    except NotASilaServer:
        raise problem from None
    raise Encrypted(f"The server at {address} encrypts: connect without insecure=True.")


def _expect_acceptance(address: Address, connection: ssl.SSLSocket) -> None:
    """Check that the server goes on: it looks at the client's certificate when the client takes all for done.

    Raises:
        ClientCertificateNeeded: it closes the connection.
    """
    connection.settimeout(ACCEPTANCE_S)
    try:
        if connection.recv(1):  # of its settings, which a gRPC server sends at once
            return
    except TimeoutError:
        return
    except OSError:  # some send an alert first
        pass
    raise ClientCertificateNeeded(
        f"The server at {address} closes the connection, as one does that asks for a certificate of the client and was "
        "shown none that it accepts. Connect with identity=ClientIdentity(CERTIFICATE, KEY), on the command line with "
        "--client-certificate and --client-key. The authority in tls.client_ca has to have signed the certificate."
    )


def _handshake(address: Address, context: ssl.SSLContext, timeout_s: float) -> ssl.SSLSocket:
    context.set_alpn_protocols(["h2"])
    plain = _connect(address, timeout_s)
    try:
        return context.wrap_socket(plain, server_hostname=address.host)
    except ssl.SSLCertVerificationError as error:
        raise WrongCertificate(
            f"The server at {address} does not have the trusted certificate ({error.verify_message}). It is another "
            f"server, or its certificate was renewed. If you know that it is right, trust its new certificate: give it "
            f"as `certificate`, or forget the pinned one with sila_ot2.client.forget({str(address)!r})."
        ) from error
    except TimeoutError as error:
        raise ServerUnreachable(
            f"{address} accepts a connection and does not answer within {timeout_s:g} s."
        ) from error
    except OSError as error:  # ssl.SSLError among them
        raise _plaintext(address, timeout_s) from error
    finally:
        plain.close()


def _connect(address: Address, timeout_s: float) -> socket.socket:
    try:
        return socket.create_connection((address.host, address.port), timeout_s)
    except (socket.gaierror, UnicodeError) as error:  # UnicodeError: not a valid name, such as "a..b"
        raise ServerUnreachable(f"The name {address.host} is not known on this network.") from error
    except TimeoutError as error:
        raise ServerUnreachable(f"Nothing answers at {address} within {timeout_s:g} s.") from error
    except OSError as error:
        raise ServerUnreachable(f"No server answers at {address}: {error.strerror or error}.") from error


def _plaintext(address: Address, timeout_s: float) -> ConnectionProblem:
    """Return what answers at an address without TLS."""
    with _connect(address, timeout_s) as connection:
        try:
            connection.sendall(PREFACE)
            answer = connection.recv(9)
        except OSError:
            answer = b""
    if len(answer) == 9 and answer[3] == SETTINGS_FRAME:
        return NotEncrypted(
            f"The server at {address} does not encrypt. Connect with insecure=True if that is meant to be so."
        )
    return NotASilaServer(f"What answers at {address} is not a SiLA 2 server: it speaks neither TLS nor HTTP/2.")
