"""Services that are gRPC's and not SiLA's: health (grpc.health.v1) and server reflection.

Monitoring tools use the first, tools such as grpcurl the second. Neither is an implemented feature; neither takes
metadata, and a lock does not affect them. Their messages come from the packages grpcio-health-checking and
grpcio-reflection, which need not be installed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from typing import Any

import grpc

from sila_ot2.sila.codec.requests import read_message
from sila_ot2.sila.rpc.concurrency_limits import ConcurrencyLimits
from sila_ot2.sila.streams.bounded_queue import BoundedQueue
from sila_ot2.sila.streams.properties import ObservableProperty

_log = logging.getLogger(__name__)

HEALTH = "grpc.health.v1.Health"
REFLECTION = ("grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection")
"""Two names of one protocol; tools of different age ask for one of them."""


def installed(package: str, service: str) -> bool:
    """Whether the package with the messages of a service is installed; it is logged if it is not."""
    if find_spec(package) is not None:
        return True
    _log.info("%s is not offered: the package %s is not installed (extra grpc-services)", service, package)
    return False


class HealthService:
    """The service grpc.health.v1.Health: which of a server's services can be used now.

    The empty name is that of the server itself. A service of a feature is reported as serving until `report` changes
    that.

    Args:
        services: full names of the services.
    """

    def __init__(self, services: Collection[str]) -> None:
        from grpc_health.v1 import health_pb2

        self._messages: Any = health_pb2
        status = health_pb2.HealthCheckResponse
        self._unknown = self._status(status.SERVICE_UNKNOWN)
        self._statuses: Mapping[str, ObservableProperty[int]] = {
            name: self._status(status.SERVING) for name in ("", *services)
        }

    @property
    def service(self) -> Any:
        """The descriptor of the service."""
        return self._messages.DESCRIPTOR.services_by_name["Health"]

    @property
    def statuses(self) -> list[ObservableProperty[int]]:
        """What is watched; closing it ends the streams."""
        return [self._unknown, *self._statuses.values()]

    def report(self, services: Collection[str], *, serving: bool) -> None:
        """Report whether some services can be used."""
        status = self._messages.HealthCheckResponse
        for name in services:
            self._statuses[name].set(status.SERVING if serving else status.NOT_SERVING)

    def handler(self, concurrency_limits: ConcurrencyLimits) -> Any:
        """The generic handler of the service."""
        methods = {
            "Check": concurrency_limits.unary("reads", self._check, {}),
            "Watch": concurrency_limits.stream(self._watch, {}),
        }
        return grpc.method_handlers_generic_handler(HEALTH, methods)

    def _status(self, value: int) -> ObservableProperty[int]:
        status = ObservableProperty(value)
        status.bind(self._encode)
        return status

    def _encode(self, status: int) -> bytes:
        encoded: bytes = self._messages.HealthCheckResponse(status=status).SerializeToString()
        return encoded

    def _of(self, request: bytes) -> ObservableProperty[int]:
        name = read_message(self._messages.HealthCheckRequest, request).service
        return self._statuses.get(name, self._unknown)

    def _check(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        status = self._of(request)
        if status is self._unknown:
            context.set_code(grpc.StatusCode.NOT_FOUND)
            context.set_details("This server has no such service; an empty name stands for the server")
        return self._encode(status.value)

    def _watch(self, request: bytes, context: grpc.ServicerContext) -> BoundedQueue:
        return self._of(request).subscribe()


def reflection_handlers(services: Collection[Any], concurrency_limits: ConcurrencyLimits) -> Iterator[Any]:
    """The generic handlers of server reflection.

    Args:
        services: the descriptors of the services it tells of.
        concurrency_limits: where it is handled.
    """
    from grpc_reflection.v1alpha import reflection, reflection_pb2

    servicer: Any = reflection.ReflectionServicer(
        [*(str(service.full_name) for service in services), *REFLECTION],
        _DescriptorPools(service.file for service in services),
    )

    def answer(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        wanted = map(partial(read_message, reflection_pb2.ServerReflectionRequest), requests)
        for response in servicer.ServerReflectionInfo(wanted, context):
            yield response.SerializeToString()

    for name in REFLECTION:
        yield grpc.method_handlers_generic_handler(name, {"ServerReflectionInfo": concurrency_limits.transfer(answer)})


class _DescriptorPools:
    """The pools that the features were compiled into, one for each, searched like a `DescriptorPool`.

    One pool with copies of all of them would take 2 MiB more, and most servers are never asked.
    """

    def __init__(self, files: Iterable[Any]) -> None:
        self._pools = list({id(file.pool): file.pool for file in files}.values())

    def FindFileByName(self, name: str) -> Any:  # noqa: N802 (protobuf's name)
        return self._first(lambda pool: pool.FindFileByName(name))

    def FindFileContainingSymbol(self, symbol: str) -> Any:  # noqa: N802
        return self._first(lambda pool: pool.FindFileContainingSymbol(symbol))

    def FindMessageTypeByName(self, name: str) -> Any:  # noqa: N802
        return self._first(lambda pool: pool.FindMessageTypeByName(name))

    def FindExtensionByNumber(self, message: Any, number: int) -> Any:  # noqa: N802
        raise KeyError(f"{message.full_name} has no extension {number}")  # proto3 has none

    def FindAllExtensions(self, message: Any) -> list[Any]:  # noqa: N802
        return []

    def _first(self, find: Callable[[Any], Any]) -> Any:
        for pool in self._pools:
            try:
                return find(pool)
            except KeyError:
                continue
        raise KeyError("no feature defines it")
