"""The SiLA server on this computer: its port, which server answers there, its status, its announcement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sila_ot2.cli.checks.finding import Finding, fault, ok, skipped, warning
from sila_ot2.cli.exits import ExitCode
from sila_ot2.cli.places import place_of
from sila_ot2.config import Settings
from sila_ot2.sila.discovery.addresses import PortUnusable, require_free

if TYPE_CHECKING:
    from sila_ot2.client import OT2, ClientIdentity

PORT, SERVER, OWNER, ANNOUNCEMENT = "own port", "server", "owner of the run", "mDNS"
CONNECT_S = 5.0
LISTEN_S = 3.0
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared


class ServerChecks:
    """Checks of the server that runs, or would run, with these settings.

    Args:
        settings: the server's.
        user: the user to log in as, at a server with users; None: no log-in.
        identity: what is shown to a server that asks for a certificate.
    """

    def __init__(self, settings: Settings, user: str | None = None, identity: ClientIdentity | None = None) -> None:
        self._identity = None if not settings.tls.enabled else identity
        self._settings = settings
        self._user = user
        self._uuid = ""

    def findings(self) -> Iterator[Finding]:
        """Make the checks."""
        address, port = self._settings.server.address, self._settings.server.port
        try:
            require_free(address, port)
        except PortUnusable as error:
            yield from self._taken(error)
        else:
            yield ok(PORT, f"{place_of(address, port)} is free")
            yield skipped(SERVER, "None runs there.")
            yield skipped(OWNER, "Not known: no server is running.")
        yield self._announcement()

    def _taken(self, reason: PortUnusable) -> Iterator[Finding]:
        from sila_ot2.client import connect, errors

        address, port = self._settings.server.address, self._settings.server.port
        host = EVERYWHERE.get(address, address)
        certificate = self._settings.tls.ca or self._settings.tls.certificate
        certificate = certificate or self._settings.robot_directory / "identity" / "server.crt"
        insecure = not self._settings.tls.enabled
        try:
            trusted = None if insecure else certificate.read_bytes()
            with connect(
                place_of(host, port),
                certificate=trusted,
                insecure=insecure,
                timeout=CONNECT_S,
                reconnect=CONNECT_S,
                identity=self._identity,
            ) as client:
                self._uuid = client.uuid
                yield ok(PORT, f"{place_of(address, port)} is served by {client.name} ({client.uuid})")
                yield from self._asked(client)
        except (OSError, ValueError, errors.ClientError) as error:
            yield fault(
                PORT,
                f"{reason}. It is not a server with these settings: {error}",
                reason.remedy,
                ExitCode.UNAVAILABLE,
            )
            yield skipped(SERVER, "Something else has its port.")
            yield skipped(OWNER, "Not known: no server is running.")

    def _asked(self, client: OT2) -> Iterator[Finding]:
        from sila_ot2.cli.connection import logged_in
        from sila_ot2.client import errors

        try:
            with logged_in(client, self._user):
                yield from [self._server(client), self._owner(client)]
        except errors.FrameworkError as error:
            if self._user is not None or error.kind != "INVALID_METADATA":
                raise
            for name in (SERVER, OWNER):
                yield skipped(name, "Its users have to log in. Name one with --user.")
        except errors.ClientError as error:
            yield fault(SERVER, f"It refuses: {error}", "Check the user and the password.", ExitCode.FAILED)
            yield skipped(OWNER, "The server has not answered.")

    def _server(self, client: OT2) -> Finding:
        provider = client.status_provider
        status, actions = provider.device_status.get(), provider.required_actions.get()
        for action in actions:
            return warning(SERVER, f"{status}: {action.explanation}", action.remedy, ExitCode.FAILED)
        if (contact := provider.reachability.get()).state != "Reachable":
            return fault(SERVER, contact.explanation, "See the findings about the robot.", ExitCode.UNREACHABLE)
        return ok(SERVER, f"{status}, changes noticed by {provider.update_source.get().method.lower()}")

    def _owner(self, client: OT2) -> Finding:
        for run in client.run_controller.current_run.get():
            whose = "this server" if run.origin == "ThisServer" else "another client"
            return ok(OWNER, f"{run.run_identifier} belongs to {whose} ({run.status})")
        return ok(OWNER, "no run is current")

    def _announcement(self) -> Finding:
        from sila_ot2.client.discovery import browse

        if not self._settings.discovery.enabled:
            return skipped(ANNOUNCEMENT, "Switched off in the settings.")
        try:
            seen = browse(LISTEN_S, until=lambda found: str(found.uuid) == self._uuid)
        except OSError as error:
            return warning(ANNOUNCEMENT, f"{error}", "Clients have to connect by address.", ExitCode.UNAVAILABLE)
        if not self._uuid:
            names = [f"{found.name} at {', '.join(found.addresses)} port {found.port}" for found in seen]
            return ok(ANNOUNCEMENT, f"multicast can be sent and received; servers seen: {'; '.join(names) or 'none'}")
        if any(str(found.uuid) == self._uuid for found in seen):
            return ok(ANNOUNCEMENT, "the server is seen by SiLA Discovery")
        return warning(
            ANNOUNCEMENT,
            f"The server was not seen within {LISTEN_S:g} s.",
            "Was it started with --no-discovery? Let multicast (UDP port 5353) through firewalls.",
            ExitCode.UNREACHABLE,
        )
