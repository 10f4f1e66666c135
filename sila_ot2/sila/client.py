"""A SiLA client that is safe against the server it talks to."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import grpc
from sila2.client import SilaClient
from sila2.framework.errors.sila_connection_error import SilaConnectionError

_SERVER_NAME = "/sila2.org.silastandard.core.silaservice.v1.SiLAService/Get_ServerName"
"""Any answer will do. Waiting for the channel instead leaves a thread of gRPC that fails if the channel is closed."""
CLOSE_S = 2.0
"""How long the end of a connection is waited for; usually it takes some milliseconds."""


class CannotConnect(Exception):
    """No SiLA server could be reached there, or it is not the one whose certificate is trusted."""


class Client(SilaClient):  # type: ignore[misc]  # the package has no types
    """The package's client (a feature is an attribute, a command a method of it), closed with all that is its own."""

    def __init__(self, *args: Any, **options: Any) -> None:
        try:
            super().__init__(*args, **options)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the connection and the threads that serve subscriptions."""
        if hasattr(self, "_channel"):
            # gRPC waits for calls to end, for ever if Ctrl-C has cut one off while it was being started.
            closing = threading.Thread(target=super().close, name="close-client", daemon=True)
            closing.start()
            closing.join(CLOSE_S)
        executor = getattr(self, "_task_executor", None)
        if executor is not None:
            executor.shutdown(wait=False, cancel_futures=True)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(
    address: str, port: int, *, ca: bytes | Path | None = None, insecure: bool = False, timeout_s: float = 10.0
) -> Client:
    """Connect to a server and read its features.

    Args:
        address: host name or IP address.
        port: the port.
        ca: the certificate to trust (PEM, or a file with it): the server's own, or its authority's. Without it the
            system's authorities are trusted.
        insecure: do not encrypt.
        timeout_s: how long to wait for the connection.

    Raises:
        CannotConnect: nobody answers there, or the certificate is not the trusted one.
    """
    host = f"[{address}]" if ":" in address else address
    if isinstance(ca, Path):
        ca = ca.read_bytes()
    credentials = None if insecure else grpc.ssl_channel_credentials(ca)
    channel = (
        grpc.insecure_channel(f"{host}:{port}")
        if credentials is None
        else grpc.secure_channel(f"{host}:{port}", credentials)
    )
    try:
        channel.unary_unary(_SERVER_NAME, bytes, bytes)(b"", timeout=timeout_s, wait_for_ready=True)
    except grpc.RpcError as error:
        if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
            or_else = "it encrypts" if insecure else "it does not have the trusted certificate, or does not encrypt"
            silent = f"No server answers on {host}:{port} within {timeout_s:g} s"
            raise CannotConnect(f"{silent}, or {or_else}") from error
    finally:
        channel.close()
    try:
        return Client(host, port, root_certs=ca, insecure=insecure)
    except (SilaConnectionError, RuntimeError) as error:  # the latter: it is no SiLA server, or not the certificate's
        raise CannotConnect(f"{host}:{port}: {error}") from error


def features_of(client: Client) -> dict[str, Any]:
    """The features of the connected server by identifier."""
    return dict(client._features)  # noqa: SLF001 (the package offers no public name)
