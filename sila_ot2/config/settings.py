"""The settings; scripts/document.py writes docs/reference/configuration.md from them. A number's unit ends its name."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, FilePath, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sila_ot2.config.alert_settings import AlertSettings
from sila_ot2.config.central_settings import CentralSettings
from sila_ot2.config.deck_settings import DeckSettings
from sila_ot2.config.group import Group
from sila_ot2.config.lock_settings import LockSettings
from sila_ot2.config.recovery_settings import ErrorRecoverySettings
from sila_ot2.config.service_settings import LONGEST_S, AuditSettings, LimitSettings, LogSettings
from sila_ot2.config.simulator_settings import SimulatorSettings
from sila_ot2.config.telemetry_settings import TelemetrySettings
from sila_ot2.config.upkeep import CameraSettings, MaintenanceSettings, ModuleSettings
from sila_ot2.config.user_settings import UserSettings
from sila_ot2.config.worklists import WorklistSettings

ENVIRONMENT_PREFIX = "SILA_OT2_"
ROBOT_PORT = 31950
"""Port of the OT-2's HTTP interface; the same on every robot."""
EXAMPLE_ROBOT = f"http://192.168.1.20:{ROBOT_PORT}"
_HOST_NAME = re.compile(r"(?!-)[\w-]{1,63}(?<!-)(\.(?!-)[\w-]{1,63}(?<!-))*\.?")


class SettingsInvalid(Exception):
    """A setting is unknown, missing or out of range; the message names it and where it may be given."""


class RobotSettings(Group):
    """The OT-2 that this server drives."""

    url: str = Field(
        description="Address of the robot, such as `http://192.168.1.20:31950`; a host name alone is enough."
    )

    @field_validator("url")
    @classmethod
    def _complete(cls, url: str) -> str:
        """Return scheme, host and port; a path would be one of the robot's pages, not its address."""
        try:
            scheme, host, port = _parts_of_address(url)
        except ValueError:
            raise ValueError(f"is not the address of a robot; example: {EXAMPLE_ROBOT}") from None
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


class ServerSettings(Group):
    """The SiLA server itself."""

    address: str = Field(
        "127.0.0.1",
        description="Address to listen on. The default serves this computer only; `0.0.0.0` serves the whole network.",
    )
    port: int = Field(50064, ge=0, le=65535, description="Port to listen on; 0 uses a free one and prints it.")
    name: str | None = Field(
        None,
        min_length=1,
        max_length=255,
        description="Name shown to SiLA clients; unset: the previous name, at the first start `OT-2 <robot host>`.",
    )
    state_directory: Path = Field(
        default_factory=lambda: platformdirs.user_state_path("sila-ot2"),
        description="Directory for identity, certificate, protocols and run records; one sub-directory per robot.",
    )


class GrpcSettings(Group):
    """gRPC services that are not part of SiLA; they need the extra `grpc-services`."""

    health: bool = Field(
        True,
        description="Offer `grpc.health.v1`: the server is serving, and each feature while the robot is reachable.",
    )
    reflection: bool = Field(
        True, description="Offer server reflection, so that tools such as grpcurl can read the services without files."
    )


class DiscoverySettings(Group):
    """Announcement of the server by SiLA Discovery (multicast DNS)."""

    enabled: bool = Field(True, description="Announce the server on the network interfaces it serves.")
    interfaces: tuple[str, ...] = Field(
        (), description="Addresses of the network interfaces to announce it on; empty: those it serves."
    )


class TlsSettings(Group):
    """Encryption and the server's certificate."""

    enabled: bool = Field(
        True, description="Encrypt. Without encryption, anyone on the network can read and change commands."
    )
    export_ca: Path | None = Field(
        None, description="File to write the server's certificate (PEM) to at each start, for clients to trust."
    )
    certificate: FilePath | None = Field(
        None, description="Certificate chain (PEM) to use instead of the one that this server creates and keeps."
    )
    key: FilePath | None = Field(None, description="Private key (PEM, no password) of that certificate.")
    ca: FilePath | None = Field(None, description="Authority (PEM) that signed it, announced to clients.")
    client_ca: FilePath | None = Field(
        None,
        description="Authority (PEM) of client certificates. Every client then needs one; with `users.required`, its "
        "common name is the user, who need not log in.",
    )


class ProtocolSettings(Group):
    """Protocols and their analyses."""

    largest_upload_mb: float = Field(
        50, gt=0, le=1000, description="Largest protocol accepted, with all its files, in megabytes."
    )
    most_files: int = Field(100, ge=1, le=10_000, description="Largest number of files of a protocol.")
    analysis_timeout_s: float = Field(
        300, gt=0, le=86_400, description="How long AnalyzeProtocol waits for the robot by default."
    )
    analysis_wait_s: float = Field(
        120,
        ge=0,
        le=86_400,
        description="How long a run waits for its protocol's analysis before it starts without it.",
    )


class RunSettings(Group):
    """Runs, and how often the robot is polled."""

    active_interval_s: float = Field(
        0.5,
        ge=0.05,
        le=60,
        description="How often the robot is polled while a run is active; a robot that does not answer "
        "for twice this time is unreachable.",
    )
    idle_interval_s: float = Field(
        2,
        ge=0.05,
        le=600,
        description="How often it is polled while nothing runs, and while notifications arrive.",
    )
    equipment_interval_s: float = Field(
        5, ge=0.05, le=3600, description="How often rail lights, pipettes and modules are read."
    )
    slow_interval_s: float = Field(
        60, ge=0.05, le=3600, description="How often its name, software and calibration are read."
    )
    most_readings_per_s: int = Field(
        10, ge=1, le=100, description="How often it is read at most, however many notifications it sends."
    )
    stop_timeout_s: float = Field(
        120, gt=0, le=3600, description="How long a run may take to stop; homing takes about ten seconds."
    )
    displace_idle_runs: bool = Field(
        False,
        description="Whether this server may replace a run that another client created and did not start.",
    )
    require_calibration: bool = Field(
        False,
        description="Whether runs are refused while the deck is not calibrated; the robot itself does not refuse them.",
    )
    archive_length: int = Field(1000, ge=1, description="How many ended runs are kept, with their logs.")
    history_length: int = Field(50, ge=1, le=1000, description="How many ended runs the property RunHistory shows.")


class NotificationSettings(Group):
    """The robot's notifications (MQTT), which report changes sooner than polling."""

    enabled: bool = Field(True, description="Use notifications, on robots that send them (release 7.2 and later).")
    port: int = Field(1883, ge=1, le=65535, description="Port of the robot's message broker.")


class SessionSettings(Group):
    """Sessions of single commands."""

    allow_raw_commands: bool = Field(
        False, description="Whether raw commands are allowed. The server does not check them for collisions."
    )
    liquid_classes: FilePath | None = Field(
        None,
        description="Table (CSV or TOML) of liquid classes, which Transfer, Distribute, Consolidate, Mix and steps of "
        "worklists name; unset: none.",
    )
    refuse_small_volumes: bool = Field(
        False, description="Refuse to draw less liquid than a pipette is made for; otherwise it is logged as a warning."
    )
    use_stored_offsets: bool = Field(
        False,
        description="Open each session and each run of a worklist with the labware offsets that this server keeps and "
        "that were measured on this robot. The robot applies those that fit the labware that is loaded.",
    )


class HandoverSettings(Group):
    """Hand-over of labware between the deck and a robot arm."""

    positions: tuple[str, ...] = Field(
        ("Deck",),
        min_length=1,
        description="Names of the deck as a hand-over position; add the name that your scheduler uses for the robot.",
    )
    prepare_timeout_s: float = Field(
        120, gt=0, le=3600, description="How long preparing a slot may take; homing takes about ten seconds."
    )
    overdue_after_s: float = Field(
        600,
        gt=0,
        le=86_400,
        description="After this time a pending hand-over is reported as overdue. The robot stays still all the same.",
    )
    parked_in_front: tuple[str, ...] = Field(
        ("10", "11"),
        description="Slots for which the gantry is parked over the front of the deck; for all others it stays at home, "
        "at the back.",
    )

    @field_validator("parked_in_front")
    @classmethod
    def _slots(cls, slots: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what is no slot."""
        if unknown := [slot for slot in slots if slot not in {str(number) for number in range(1, 12)}]:
            raise ValueError(f"{', '.join(unknown)}: slots are 1 to 11")
        return slots


Moment = Literal["start", "pause", "end", "failure"]


class OutboundSettings(Group):
    """Server-initiated connections: the server connects to SiLA clients that cannot reach it."""

    enabled: bool = Field(
        True,
        description="Offer ConnectionConfigurationService, with which clients make the server connect to other "
        "clients. Without it, the server connects only to `outbound.clients`.",
    )
    clients: tuple[str, ...] = Field((), description="Clients that the server connects to, each as `HOST:PORT`.")
    ca: FilePath | None = Field(
        None,
        description="Authorities (PEM) that signed the certificates of the clients; unset: the public authorities.",
    )
    insecure: bool = Field(
        False,
        description="Connect without encryption. Anyone between server and client can then move the robot.",
    )
    keepalive_s: float = Field(
        300,
        ge=10,
        le=LONGEST_S,
        description="After this time without a message, the server sends a ping; many clients refuse shorter times.",
    )

    @field_validator("clients")
    @classmethod
    def _addresses(cls, clients: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what is not a host with a port."""
        for client in clients:
            try:
                _, host, port = _parts_of_address(client)
            except ValueError:
                host = ""
            if not host or not client.endswith(f":{port}") or "/" in client:
                raise ValueError(f"{client!r} is not HOST:PORT; example: scheduler.example.org:50051")
        return clients

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Host and port of each client."""
        return [_parts_of_address(client)[1:] for client in self.clients]


class Settings(BaseSettings):
    """All settings, read once at the start; immutable."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter="_",
        env_nested_max_split=1,  # SILA_OT2_SERVER_STATE_DIRECTORY is server.state_directory
        extra="forbid",
        frozen=True,
    )

    robot: RobotSettings
    server: ServerSettings = Field(default_factory=ServerSettings)
    session: SessionSettings = Field(default_factory=SessionSettings)
    handover: HandoverSettings = Field(default_factory=HandoverSettings)
    deck: DeckSettings = Field(default_factory=DeckSettings)
    discovery: DiscoverySettings = Field(default_factory=DiscoverySettings)
    tls: TlsSettings = Field(default_factory=TlsSettings)
    grpc: GrpcSettings = Field(default_factory=GrpcSettings)
    outbound: OutboundSettings = Field(default_factory=OutboundSettings)
    camera: CameraSettings = Field(default_factory=CameraSettings)
    modules: ModuleSettings = Field(default_factory=ModuleSettings)
    maintenance: MaintenanceSettings = Field(default_factory=MaintenanceSettings)
    lock: LockSettings = Field(default_factory=LockSettings)
    users: UserSettings = Field(default_factory=UserSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    audit: AuditSettings = Field(default_factory=AuditSettings)
    alerts: AlertSettings = Field(default_factory=AlertSettings)
    central: CentralSettings = Field(default_factory=CentralSettings)
    telemetry: TelemetrySettings = Field(default_factory=TelemetrySettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    protocols: ProtocolSettings = Field(default_factory=ProtocolSettings)
    runs: RunSettings = Field(default_factory=RunSettings)
    recovery: ErrorRecoverySettings = Field(default_factory=ErrorRecoverySettings)
    worklists: WorklistSettings = Field(default_factory=WorklistSettings)
    notifications: NotificationSettings = Field(default_factory=NotificationSettings)
    simulator: SimulatorSettings = Field(default_factory=SimulatorSettings)

    @model_validator(mode="after")
    def _client_certificates_are_encrypted(self) -> Settings:
        """Refuse client certificates without encryption: nobody would be asked for one."""
        if self.tls.client_ca and not self.tls.enabled:
            raise ValueError("tls.client_ca needs encryption: leave out --insecure, and set tls.enabled = true")
        return self

    @model_validator(mode="after")
    def _passwords_are_encrypted(self) -> Settings:
        """Refuse to have passwords and tokens sent in the clear over a network."""
        on_this_computer = self.server.address in ("127.0.0.1", "::1", "localhost")
        if self.users.required and not (self.tls.enabled or on_this_computer):
            raise ValueError("users.required needs encryption: leave out --insecure, and set tls.enabled = true")
        if self.users.required and self.outbound.insecure:
            raise ValueError("users.required needs encryption: set outbound.insecure = false")
        return self

    @property
    def users_file(self) -> Path:
        """The file with the users who can log in."""
        return self.users.file or self.server.state_directory / "users.json"

    @property
    def robot_place(self) -> str:
        """The robot's host, with the port where it is not the usual one: what tells this robot from others."""
        parts = urlsplit(self.robot.url)
        return parts.hostname or "" if parts.port == ROBOT_PORT else parts.netloc

    @property
    def robot_host(self) -> str:
        """The robot's host name or IP address."""
        return urlsplit(self.robot.url).hostname or ""

    @property
    def default_server_name(self) -> str:
        """Name of a server that was never named: the same at each start and different for each robot."""
        return f"OT-2 {self.robot_place}"

    @property
    def robot_directory(self) -> Path:
        """Directory with everything kept about this robot."""
        return self.server.state_directory / re.sub(r"[^A-Za-z0-9.-]+", "_", self.robot_place)


def _parts_of_address(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of a robot's address.

    Raises:
        ValueError: it is none, or has parts that an address of a robot does not have.
    """
    if re.search(r"\s", url):  # which urlsplit would leave out
        raise ValueError("white space")
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host, port = parts.hostname or "", ROBOT_PORT if parts.port is None else parts.port
    if parts.scheme not in ("http", "https") or port == 0:
        raise ValueError("scheme or port")
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("more than scheme, host and port")
    if ":" in host or re.fullmatch(r"[\d.]+", host):  # 192.168.1 would be taken for 192.168.0.1
        ipaddress.ip_address(host)
    elif not _HOST_NAME.fullmatch(host):
        raise ValueError("host")
    return parts.scheme, host, port
