"""Who calls, with which metadata, and whether the call is admitted: settled before anything else."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote

import grpc
from sila2.framework.errors.no_metadata_allowed import NoMetadataAllowed

from sila_ot2.sila.admission import Admission, Call, Kind
from sila_ot2.sila.client_certificate import ClientCertificate
from sila_ot2.sila.codec.features import BoundFeature, identifier
from sila_ot2.sila.errors import InvalidMetadata, declared_errors

_log = logging.getLogger(__name__)

SILA_SERVICE = "org.silastandard/core/SiLAService/v1"
_METADATA_KEY = re.compile(r"sila-.+-metadata-.+-bin")


class CallContexts:
    """Receives the calls of a server.

    Args:
        features: all features by fully qualified identifier.
        admission: asked for each call.
        client_certificates: whether clients need certificates.
    """

    def __init__(
        self, features: Mapping[str, BoundFeature], admission: Admission, *, client_certificates: bool = False
    ) -> None:
        self._admission = admission
        self._client_certificates = client_certificates
        self._metadata = {node.to_grpc_header_key(): (node, f) for f in features.values() for node in f.metadata}
        self._affected = {
            str(node.fully_qualified_identifier): frozenset(
                str(i) for i in getattr(feature.implementation, f"calls_affected_by_{identifier(node)}")()
            )
            for node, feature in self._metadata.values()
        }

    def affected_by(self, metadata: Any) -> frozenset[str]:
        """Fully qualified identifiers of the features, commands and properties that need the metadata."""
        return self._affected[str(metadata.fully_qualified_identifier)]

    def errors_of(self, node: Any) -> dict[str, Any]:
        """The errors a call may end with, by identifier: its own, and those of the metadata it may carry."""
        called = {str(node.fully_qualified_identifier), str(node.parent_feature.fully_qualified_identifier)}
        errors: dict[str, Any] = {}
        for metadata, _ in self._metadata.values():
            if self.affected_by(metadata) & called:
                errors |= declared_errors(metadata.defined_execution_errors)
        return errors | declared_errors(node.defined_execution_errors)

    def receive(
        self, cls: type[Any], feature: BoundFeature, node: Any, kind: Kind, context: grpc.ServicerContext, **more: Any
    ) -> Any:
        """Describe the call as a `cls`, with its metadata checked.

        Raises:
            InvalidMetadata: some is unknown, makes no sense, or is missing.
            NoMetadataAllowed: there is some, and the call is one of SiLAService.
        """
        called = str(node.fully_qualified_identifier)
        certificate = self.certificate(context)
        call = cls(
            feature=feature.identifier,
            identifier=called,
            kind=kind,
            metadata=self._read(feature, context.invocation_metadata() or ()),
            peer=unquote(context.peer()),
            certificate=certificate,
            user=certificate.name if certificate is not None else "",
            **more,
        )
        _log.debug("%s of %s for %s", kind.value, called, call.peer)
        if feature.identifier == SILA_SERVICE:
            return call
        for metadata, owner in self._metadata.values():
            key = str(metadata.fully_qualified_identifier)
            if key in call.metadata or not self.affected_by(metadata) & {feature.identifier, called}:
                continue
            why = getattr(owner.implementation, f"why_{identifier(metadata)}_is_required", None)
            reason = "It is always required" if why is None else why(call)
            if reason:
                raise InvalidMetadata(f"{called} needs the metadata {key}. {reason}. Nothing was done")
        return call

    def admit(self, call: Call) -> None:
        """Ask whether the call may go on; the call holds then what was reserved for it.

        Raises:
            Exception: it may not, for this reason.
        """
        call.reservation = self._admission.admit(call)

    @staticmethod
    def release(call: Call) -> None:
        """Give back what was reserved for the call."""
        if call.reservation is not None:
            call.reservation.release()

    @contextmanager
    def admitted(self, call: Call) -> Iterator[None]:
        """Admit the call for the time of the block.

        Raises:
            Exception: it may not go on, for this reason.
        """
        self.admit(call)
        try:
            yield
        finally:
            self.release(call)

    def certificate(self, context: grpc.ServicerContext) -> ClientCertificate | None:
        """Return the certificate of the client that calls; None if clients need none."""
        if not self._client_certificates:
            return None
        known: Any = context.auth_context()  # of several values each, where the stubs say one
        pem, name = b"".join(known.get("x509_pem_cert", ())), b"".join(known.get("x509_common_name", ()))
        return ClientCertificate(name.decode(errors="replace"), pem) if pem else None

    def access_token(self, context: grpc.ServicerContext) -> str:
        """Return the access token that a call carries, whether it is valid or not; empty if it carries none."""
        for key, value in context.invocation_metadata() or ():
            if key.endswith("-authorizationservice-v1-metadata-accesstoken-bin") and key in self._metadata:
                with suppress(Exception):  # whatever a peer's bytes do to the parser, they are no token
                    return str(self._metadata[key][0].to_native_type(value))
        return ""

    def _read(self, feature: BoundFeature, received: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in received:
            if not _METADATA_KEY.fullmatch(key):
                continue
            if feature.identifier == SILA_SERVICE:
                raise NoMetadataAllowed("Calls of SiLAService carry no metadata")
            if key not in self._metadata:
                raise InvalidMetadata(f"This server has no metadata {key[:200]!r}")
            node, _ = self._metadata[key]
            if str(node.fully_qualified_identifier) in values:
                raise InvalidMetadata(f"{node.fully_qualified_identifier} is given twice")
            try:
                values[str(node.fully_qualified_identifier)] = node.to_native_type(value)
            except Exception as error:  # noqa: BLE001 (whatever a peer's bytes do to the parser, they are invalid)
                raise InvalidMetadata(f"{node.fully_qualified_identifier} cannot be read: {error}") from error
        return values


def owner_of(peer: str) -> str:
    """The host of a peer with its protocol: a client that connects anew has another port."""
    return peer.rsplit(":", 1)[0]


def host_of(peer: str) -> str:
    """The address of a peer for people to read: 192.0.2.7 of ``ipv4:192.0.2.7:50312``."""
    return owner_of(peer).partition(":")[2] or peer
