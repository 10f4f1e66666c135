"""Our client and servers of other makers, whose certificates an authority of the laboratory has signed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from sila_ot2.client import connect, errors, wire
from sila_ot2.client.pins import VARIABLE
from tests.fakes.certificates import certificate, private

NAME, UUID = b"a server of another maker", b"7d25ef9f-1f4c-4a3c-9c39-0e1b8a3d0f11"


class Service(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # generic in its stubs alone
    """As much of SiLAService as a client reads when it connects."""

    def service(self, call: Any) -> Any:
        answers = {"Get_ServerUUID": UUID, "Get_ServerName": NAME}
        message = wire.field(1, wire.field(1, answers[call.method.rsplit("/", 1)[1]]))
        return grpc.unary_unary_rpc_method_handler(lambda _request, _context: message)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, bytes]]:
    """The port of a server, and the certificate of the authority that has signed the server's."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "known_servers.json"))
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = certificate("Laboratory", authority_key, "Laboratory", authority_key)
    own = certificate("SiLA2", key, "Laboratory", authority_key, "localhost")
    with futures.ThreadPoolExecutor(2) as pool:
        server = grpc.server(pool)
        server.add_generic_rpc_handlers((Service(),))
        port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(private(key), own)]))
        server.start()
        yield port, authority
        server.stop(0).wait()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_certificate_is_pinned_although_an_authority_signed_it(served: tuple[int, bytes], host: str) -> None:
    for _ in range(2):  # pinned, then known
        with connect(f"{host}:{served[0]}") as client:
            assert (client.uuid, client.name) == (UUID.decode(), NAME.decode())


def test_the_authority_is_trusted_for_the_name_in_the_certificate_alone(served: tuple[int, bytes]) -> None:
    port, authority = served
    with connect(f"localhost:{port}", certificate=authority) as client:
        assert client.uuid == UUID.decode()
    with pytest.raises(errors.WrongCertificate, match="is for localhost, not for 127.0.0.1"):
        connect(f"127.0.0.1:{port}", certificate=authority)
