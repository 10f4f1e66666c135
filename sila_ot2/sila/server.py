"""The SiLA server."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import grpc

from sila_ot2.sila.admission import Admission, AdmitAll
from sila_ot2.sila.binary_transfer.binaries import Binaries
from sila_ot2.sila.binary_transfer.spool import Spool, clear_leftovers
from sila_ot2.sila.codec.features import BoundFeature, FeatureBinding, by_identifier, identifier, property_encoder
from sila_ot2.sila.connections.connections import Connections
from sila_ot2.sila.connections.requests import Requests
from sila_ot2.sila.controllers.sila_service import DEFINITION, ServerInfo, SiLAService
from sila_ot2.sila.discovery.addresses import OTHER_PORT, PortUnusable
from sila_ot2.sila.execution.executions import Executions
from sila_ot2.sila.execution.workers import Workers
from sila_ot2.sila.identity import Identity
from sila_ot2.sila.large_binaries import converting
from sila_ot2.sila.limits import Limits
from sila_ot2.sila.recording import CommandRecorder, RecordNothing
from sila_ot2.sila.rpc.binary_transfer_services import TRANSFER_SERVICES, transfer_handlers
from sila_ot2.sila.rpc.call_context import SILA_SERVICE, CallContexts
from sila_ot2.sila.rpc.calls import Calls
from sila_ot2.sila.rpc.concurrency_limits import ConcurrencyLimits
from sila_ot2.sila.rpc.grpc_services import HEALTH, HealthService, installed, reflection_handlers
from sila_ot2.sila.rpc.senders import Senders
from sila_ot2.sila.streams.properties import ObservableProperty

_log = logging.getLogger(__name__)

_HOUSEKEEPING_S = 1.0


class Server:
    """A SiLA server of some features, made once, started once, stopped once.

    Args:
        info: what the server says about itself.
        features: definitions and implementations; SiLAService is added.
        admission: asked when a call is initiated (`InTurn` joins several).
        limits: how much of what the server takes.
        interrupts: fully qualified identifiers of the commands that are served however many others are running (stop,
            pause, resume); CancelController, PauseController and SiLAService are among them anyway.
        public_errors: classes of errors whose text a client may see though the call does not declare them.
        spool_directory: a folder of this server alone where large binaries and results are kept; None for the system's
            place for temporary files.
        on_rename: called when a client has set the server's name, before the client is answered.
        health: offer grpc.health.v1, where its package is installed.
        reflection: offer gRPC server reflection, where its package is installed.
        connections: the server-initiated connections, which are opened and ended with the server; None for none.
        recorder: is called for every command.
        client_ca: authority (PEM) of the certificates that clients then need; None if they need none.

    Raises:
        TypeError: an implementation does not fit its definition; the text names every member that is missing or
        differs.
        ValueError: `info` or the present value of an observable property violates the definition.
        LookupError: an observable property has no value.
    """

    def __init__(
        self,
        info: ServerInfo,
        features: Sequence[FeatureBinding],
        *,
        admission: Admission | None = None,
        limits: Limits | None = None,
        interrupts: Collection[str] = (),
        public_errors: tuple[type[BaseException], ...] = (),
        spool_directory: Path | None = None,
        on_rename: Callable[[str], None] = lambda name: None,
        health: bool = False,
        reflection: bool = False,
        connections: Connections | None = None,
        recorder: CommandRecorder | None = None,
        client_ca: bytes | None = None,
    ) -> None:
        self.info = info
        self.limits = limits = limits or Limits()
        definitions: dict[str, str] = {}
        self._sila_service = SiLAService(info, definitions, on_rename)
        bindings = [FeatureBinding(DEFINITION.read_text(encoding="utf-8"), self._sila_service), *features]
        self._features = by_identifier(BoundFeature(binding) for binding in bindings)
        definitions.update({key: feature.definition_xml for key, feature in self._features.items()})
        self._check_info()

        if spool_directory is not None:
            clear_leftovers(spool_directory)
        self._uploads = Spool(
            spool_directory, memory_bytes=0, disk_bytes=limits.upload_disk_bytes, setting="limits.upload_disk_bytes"
        )
        self._results = Spool(
            spool_directory,
            memory_bytes=limits.result_memory_bytes,
            disk_bytes=limits.result_disk_bytes,
            setting="limits.result_disk_bytes",
        )
        self._executions = Executions(
            spool=self._results,
            running=limits.executions,
            interrupts=limits.interrupts,
            kept=limits.kept_executions,
            lifetime_s=limits.execution_lifetime_s,
        )
        self._binaries = Binaries(
            self._uploads,
            self._results,
            largest_bytes=limits.binary_bytes,
            count=limits.binaries,
            chunks=limits.binary_chunks,
            lifetime_s=limits.binary_lifetime_s,
        )
        self._properties: list[ObservableProperty[Any]] = list(self._bind_features())
        self._senders = Senders(slow=limits.streams)
        self._concurrency_limits = ConcurrencyLimits(
            limits.concurrency_limits,
            public_errors=public_errors,
            idle_s=limits.binary_lifetime_s,
            senders=self._senders,
        )
        self._client_ca = client_ca
        call_contexts = CallContexts(self._features, admission or AdmitAll(), client_certificates=client_ca is not None)
        calls = Calls(
            concurrency_limits=self._concurrency_limits,
            call_contexts=call_contexts,
            executions=self._executions,
            binaries=self._binaries,
            interrupts=frozenset(interrupts),
            public_errors=public_errors,
            recorder=recorder or RecordNothing(),
        )
        services = {key: str(feature.service.full_name) for key, feature in self._features.items()}
        self._services = services
        self._health: HealthService | None = None
        beside: list[Any] = []
        if health and installed("grpc_health", HEALTH):
            self._health = HealthService(services.values())
            self._properties += self._health.statuses
            beside.append(self._health.handler(self._concurrency_limits))
        if reflection and installed("grpc_reflection", "server reflection"):
            reflected = [feature.service for feature in self._features.values()] + list(TRANSFER_SERVICES)
            beside += reflection_handlers(
                reflected + ([self._health.service] if self._health else []), self._concurrency_limits
            )
        self._workers = Workers(limits.workers)
        handlers = [
            *(calls.handler(feature) for feature in self._features.values()),
            *transfer_handlers(self._features, self._concurrency_limits, call_contexts, self._binaries),
        ]
        self._connections = connections
        if connections is not None:
            connections.use(Requests(self._features, handlers, call_contexts, self._executions))
        self._grpc = grpc.server(
            self._workers,  # type: ignore[arg-type]  # gRPC uses nothing but submit
            handlers=[*handlers, *beside],
            options=[
                ("grpc.so_reuseport", 0),  # else a second server on the port would take half of the calls unseen
                ("grpc.max_allowed_incoming_connections", limits.connections),
                ("grpc.max_connection_idle_ms", int(limits.connection_idle_s * 1000)),
                ("grpc.server_handshake_timeout_ms", int(limits.handshake_s * 1000)),
                ("grpc.max_receive_message_length", limits.message_bytes),
                ("grpc.keepalive_time_ms", int(limits.keepalive_s * 1000)),
                ("grpc.keepalive_timeout_ms", int(limits.keepalive_timeout_s * 1000)),
                (
                    "grpc.http2.ping_timeout_ms",
                    int(limits.keepalive_timeout_s * 1000),
                ),  # otherwise a minute, independent of the value above
                ("grpc.http2.max_pings_without_data", 0),  # else only the first two are sent to a client that listens
                ("grpc.keepalive_permit_without_calls", 1),
                ("grpc.http2.min_recv_ping_interval_without_data_ms", 5000),
            ],
        )
        self._stopped = threading.Event()
        self.port: int | None = None

    def _check_info(self) -> None:
        service = self._features[SILA_SERVICE]
        for node in service.unobservable_properties:
            property_encoder(node)(service.member(node)(call=None))

    def _bind_features(self) -> Sequence[ObservableProperty[object]]:
        properties = []
        for feature in self._features.values():
            if callable(use := getattr(feature.implementation, "use", None)):
                use(self._executions)
            for node in feature.observable_properties:
                member = feature.member(node)
                if isinstance(member, ObservableProperty):
                    try:
                        member.bind(converting(self._binaries, property_encoder(node)))
                    except LookupError:
                        raise LookupError(
                            f"{identifier(node)} of {feature.identifier} has no value: set one before"
                        ) from None
                    properties.append(member)
        return properties

    @property
    def name(self) -> str:
        """The server's present name."""
        return self._sila_service.name

    @property
    def executions(self) -> Executions:
        """The executions of observable commands."""
        return self._executions

    @property
    def subscriptions(self) -> int:
        """How many subscriptions there are now."""
        return self._concurrency_limits.taken("streams")

    def report_health(self, features: Collection[str], *, serving: bool) -> None:
        """Report by grpc.health.v1 whether features (fully qualified) can be used now."""
        if self._health is not None:
            self._health.report([self._services[feature] for feature in features], serving=serving)

    def start(self, address: str, port: int, identity: Identity | None) -> int:
        """Serve on an address; port 0 takes any free one. Without an identity the connection is not encrypted.

        Returns:
            the port.

        Raises:
            PortUnusable: the port is taken, or the address is not one of this computer.
        """
        host = f"[{address}]" if ":" in address else address
        try:
            if identity is None:
                self.port = self._grpc.add_insecure_port(f"{host}:{port}")
            else:
                pair = (identity.private_key, identity.certificate_chain)
                credentials = grpc.ssl_server_credentials([pair], self._client_ca, self._client_ca is not None)
                self.port = self._grpc.add_secure_port(f"{host}:{port}", credentials)
        except RuntimeError as error:
            self.stop(0.0)
            raise PortUnusable(
                f"Cannot serve on {host}:{port}: the port is taken or the address is not one of this computer",
                remedy=OTHER_PORT,
            ) from error
        self._senders.start()
        self._grpc.start()
        if self._connections is not None:
            self._connections.start()
        threading.Thread(target=self._clean_up, name="sila-housekeeping", daemon=True).start()
        _log.info(
            "serving %d features on %s:%d%s", len(self._features), host, self.port, "" if identity else " (plain)"
        )
        return self.port

    def stop(self, grace_s: float) -> None:
        """Cancel what runs, end every stream and stop serving, always within `grace_s`.

        Commands get most of that time to end, and their clients to receive the end. A command that has not ended by
        then is left on a thread that does not keep the process alive.
        """
        if self._stopped.is_set():
            return
        self._stopped.set()
        deadline = time.monotonic() + grace_s
        self._concurrency_limits.stopping = True
        self._executions.stop(grace_s * 0.7)
        for observable in self._properties:
            observable.close()
        if self._connections is not None:
            self._connections.stop(max(deadline - time.monotonic(), 0.0) * 0.5)
        self._grpc.stop(max(deadline - time.monotonic(), 0.0) * 0.8).wait(timeout=max(deadline - time.monotonic(), 0.1))
        self._senders.stop()
        self._workers.shutdown()
        self._uploads.close()
        self._results.close()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the server is stopped; False when the time is over first."""
        return self._stopped.wait(timeout_s)

    def _clean_up(self) -> None:
        while not self._stopped.wait(_HOUSEKEEPING_S):
            self._executions.sweep()
            self._binaries.sweep()
            self._concurrency_limits.sweep()
