"""The sila2 package made fit for service: a SiLA server that knows nothing of robots.

Import this before anything that imports protobuf or grpc (`patches` says why).

    from sila_ot2.sila import Call, Execution, FeatureBinding, ObservableProperty, Server, ServerInfo, load_identity

    class DeviceLighting:
        def __init__(self) -> None:
            self.RailLights = ObservableProperty(False)                         # observable property: an attribute

        def SetRailLights(self, On: bool, *, call: Call) -> None:               # unobservable command
            self.RailLights.set(On)

        def BlinkForIdentification(self, Duration: float, *, execution: Execution) -> None:    # observable: own thread
            for second in range(int(Duration)):
                execution.report(progress=second / Duration, remaining_s=Duration - second)
                if execution.cancelled.wait(1.0):
                    raise CommandCancelled("The lights were restored")    # declared in the XML: found by class name

    identity = load_identity(state_directory, name="Left robot", hosts=["localhost", "127.0.0.1", "robot1.lab"])
    server = Server(
        ServerInfo(name=identity.name, type="OpentronsOT2", description="...", version="1.0",
                   vendor_url="https://example.org", uuid=identity.uuid),
        [FeatureBinding(definition("DeviceLighting"), DeviceLighting()),
         FeatureBinding(definition("CancelController"), CancelController()),
         FeatureBinding(definition("LockController"), lock := LockController(protected={...}))],
        admission=InTurn(lock, turn),                  # asked at initiation; may refuse with NotAccepted
        interrupts={".../RunController/v1/Command/StopRun"},
        public_errors=(OT2Fault,),
        on_rename=lambda name: identity.renamed(name),
    )
    server.start("0.0.0.0", 50052, identity)           # identity None: plain
    server.stop(grace_s=5.0)
"""

from sila_ot2.sila import patches  # noqa: F401 (first: it imports sila2 before protobuf)

# isort: split
from sila_ot2.sila.admission import Admission, AdmitAll, Call, InTurn, Kind, Reservation
from sila_ot2.sila.client_certificate import ClientCertificate
from sila_ot2.sila.codec.features import FeatureBinding
from sila_ot2.sila.connections.connection import SiLAClient
from sila_ot2.sila.connections.connections import ChannelOptions, Connections
from sila_ot2.sila.controllers.access_tokens import AccessTokens
from sila_ot2.sila.controllers.authorization import (
    AuthenticationService,
    AuthorizationProviderService,
    AuthorizationService,
)
from sila_ot2.sila.controllers.cancel import CancelController
from sila_ot2.sila.controllers.connection_configuration import CONNECTION_COMMANDS, ConnectionConfigurationService
from sila_ot2.sila.controllers.lock import LockController, LockHolder
from sila_ot2.sila.controllers.pause import RESUME, InvalidCommandState, OperationNotSupported, PauseController
from sila_ot2.sila.controllers.sila_service import ServerInfo
from sila_ot2.sila.errors import InvalidMetadata, NotAccepted
from sila_ot2.sila.execution.executions import Execution, Executions
from sila_ot2.sila.identity import Identity, IdentityDamaged, load_identity
from sila_ot2.sila.limits import Limits
from sila_ot2.sila.names import NameUnfit, check_name
from sila_ot2.sila.patches import use_compiled
from sila_ot2.sila.recording import CommandRecorder, Ended, RecordByEach, Sent, outcome_of
from sila_ot2.sila.rpc.call_context import host_of
from sila_ot2.sila.server import Server
from sila_ot2.sila.streams.properties import ObservableProperty
from sila_ot2.sila.switching import FeatureSet, FeatureSwitch

__all__ = [
    "AccessTokens",
    "Admission",
    "AdmitAll",
    "AuthenticationService",
    "AuthorizationProviderService",
    "AuthorizationService",
    "CONNECTION_COMMANDS",
    "Call",
    "CancelController",
    "ClientCertificate",
    "ChannelOptions",
    "ConnectionConfigurationService",
    "CommandRecorder",
    "Connections",
    "Ended",
    "Execution",
    "Executions",
    "FeatureBinding",
    "FeatureSet",
    "FeatureSwitch",
    "Identity",
    "IdentityDamaged",
    "InTurn",
    "InvalidCommandState",
    "InvalidMetadata",
    "Kind",
    "Limits",
    "LockController",
    "LockHolder",
    "NameUnfit",
    "NotAccepted",
    "ObservableProperty",
    "OperationNotSupported",
    "PauseController",
    "RESUME",
    "RecordByEach",
    "Reservation",
    "Server",
    "ServerInfo",
    "Sent",
    "SiLAClient",
    "check_name",
    "host_of",
    "load_identity",
    "outcome_of",
    "use_compiled",
]
