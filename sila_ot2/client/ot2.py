"""The client of a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import grpc

from sila_ot2.client.connecting import ClientIdentity, Target, locate
from sila_ot2.client.deck_picture import DeckPicture
from sila_ot2.client.execution import Execution
from sila_ot2.client.generated.features import Features
from sila_ot2.client.generated.run_controller import CompletedRun, LabwareOffset, RunProgress
from sila_ot2.client.generated.sila_service import SERVER_UUID
from sila_ot2.client.link import OPTIONS, Link
from sila_ot2.client.lock import Lock
from sila_ot2.client.log_in import LogIn
from sila_ot2.client.modules import Modules
from sila_ot2.client.references import read_reference
from sila_ot2.client.runs import Value, prepare, run_options, run_parameters
from sila_ot2.client.session import Session


class OT2(Features):
    """A client of a server: each feature is an attribute, and what is needed most is a method. Made by `connect`.

    Attributes:
        name: the server's name.
        uuid: the server's UUID.
        address: where it is.
    """

    def __init__(self, link: Link, target: Target) -> None:
        super().__init__(link)
        self._link = link
        self.address = str(target.address)
        self.uuid = self.sila_service.server_uuid.get()
        self.name = self.sila_service.server_name.get()
        self._log_in = LogIn(link, self.uuid)
        target.remember(self.uuid, self.name)

    def __repr__(self) -> str:
        return (
            f"<client of {self.name} at {self.address}; .run(file) runs a protocol, .session() moves the robot step by "
            f"step, help() says more>"
        )

    def __enter__(self) -> OT2:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """End the connection. What the robot does goes on."""
        self._link.close()

    def run(
        self, protocol: str | Path, *, label: str | None = None, support_files: Sequence[str | Path] = (),
        labware_definitions: Sequence[str | Path] = (), offsets: Sequence[LabwareOffset] = (),
        use_stored_offsets: bool = False, parameters: Mapping[str, Value] | None = None, **values: Value,
    ) -> CompletedRun:  # fmt: skip
        """Run a protocol file and wait until the run has ended, with a progress bar in a terminal or notebook.

            ot2.run("plate.py", volume=20, samples="samples.csv")

        Ctrl-C ends the waiting; the run goes on.

        Args:
            protocol: the file (.py, .json, or .zip).
            label: a text of your own, kept with the run.
            support_files: further files that the protocol needs.
            labware_definitions: files with custom labware definitions.
            offsets: labware offsets for this run.
            use_stored_offsets: apply the offsets that the server remembers.
            parameters: run-time parameters whose names are taken by the options above.
            values: run-time parameters by their names. A path, or the name of a CSV file that exists, is uploaded.

        Raises:
            RunFailed: the run failed; the text says where and what to do.
            SilaError: anything else that kept the run from succeeding, see the feature RunController.
        """
        return self.start(
            protocol, label=label, support_files=support_files, labware_definitions=labware_definitions,
            offsets=offsets, use_stored_offsets=use_stored_offsets, parameters=parameters, **values,
        ).show()  # fmt: skip

    def start(
        self, protocol: str | Path, *, label: str | None = None, support_files: Sequence[str | Path] = (),
        labware_definitions: Sequence[str | Path] = (), offsets: Sequence[LabwareOffset] = (),
        use_stored_offsets: bool = False, parameters: Mapping[str, Value] | None = None, **values: Value,
    ) -> Execution[CompletedRun, RunProgress]:  # fmt: skip
        """Start a run like `run` and do not wait for it; the execution can be paused, resumed and cancelled."""
        file = Path(protocol)
        options = run_options(
            label=label, support_files=support_files, labware_definitions=labware_definitions, offsets=offsets,
            use_stored_offsets=use_stored_offsets,
        )  # fmt: skip
        ready = run_parameters(*prepare(self, {**(parameters or {}), **values}))
        return self.run_controller.run_uploaded_file(file.name, file.read_bytes(), **options, **ready)

    def session(self) -> Session:
        """Move the robot step by step.

        with ot2.session() as deck:
            tips = deck.load("opentrons_96_tiprack_300ul", 1)
            plate = deck.load("corning_96_wellplate_360ul_flat", 2)
            deck.right.pick_up_tip(tips)
            deck.right.aspirate(50, plate["A1"])
            deck.right.dispense(50, plate["B1"])
            deck.right.drop_tip()
        """
        return Session(self._link)

    @property
    def deck(self) -> DeckPicture:
        """What stands on the deck now; a notebook shows it as a picture."""
        return DeckPicture(self.deck_picture_provider.draw_deck())

    @property
    def modules(self) -> Modules:
        """The modules: `ot2.modules.heater_shaker.shake(500)`; all that are attached in `ot2.modules.attached`."""
        return Modules(self)

    def lock(self, timeout: int | None = None, *, identifier: str | None = None) -> Lock:
        """Have the server to yourself: `with ot2.lock(): ...`.

        Args:
            timeout: the lock ends by itself when no call of this client has come for that time, in seconds; None for
                never.
            identifier: the identifier of the lock; a random one unless given. If the server was locked with it before,
                perhaps by another process, `lock(identifier=...).use()` is all that is needed.
        """
        return Lock(self._link, timeout, identifier)

    def log_in(self, user: str, password: str) -> None:
        """Log in at a server whose users have to; the calls of this client carry the access token from now on.

        It ends when no call has come for its lifetime. Log in again then.

        Args:
            user: the name of the user.
            password: the user's password; it is not kept.

        Raises:
            AuthenticationFailed: the server does not know this user with this password, or there were too many
                failures before; the text says how long to wait.
            NotOffered: nobody has to log in at this server.
        """
        self._log_in.begin(user, password)

    def log_out(self) -> None:
        """End the validity of the access token. What the robot does goes on."""
        self._log_in.end()

    def execution(self, reference: str) -> Execution[Any, Any]:
        """Find an execution again that was started before, perhaps by another process.

        Args:
            reference: `reference` of the execution.

        Raises:
            ValueError: it is no such reference.
        """
        return Execution(self._link, *read_reference(reference))


def connect(
    address: str | None = None, *, name: str | None = None, uuid: str | None = None,
    certificate: Path | str | bytes | None = None, insecure: bool = False, timeout: float = 10.0,
    reconnect: float = 600.0, identity: ClientIdentity | None = None,
) -> OT2:  # fmt: skip
    """Connect to a server.

        ot2 = connect("192.168.1.20")
        ot2 = connect(name="OT-2 bench 3")

    The certificate of a server is pinned when it is connected to for the first time, unless it is given. From then on
    another certificate is refused.

    Args:
        address: HOST or HOST:PORT; without it, name and uuid, the server on this computer.
        name: its name, to be found by discovery.
        uuid: its UUID, to be found by discovery.
        certificate: the certificate to trust (PEM, or a file with it): the server's own or its authority's.
        insecure: the server does not encrypt.
        timeout: how long to wait for it, in seconds; a search by name takes the whole time, since several servers may
            have the name.
        reconnect: how long a server that has gone away is waited for later, in seconds.
        identity: certificate and key of the client, for servers that ask for them.

    Raises:
        ServerNotFound: discovery does not find it.
        ServerUnreachable: nobody answers at its address.
        NotEncrypted: it does not encrypt, and `insecure` was not asked for.
        Encrypted: it encrypts, and `insecure` was asked for.
        WrongCertificate: it does not have the trusted certificate.
        ClientCertificateNeeded: it asks for a certificate of the client, and was shown none that it accepts.
        NotASilaServer: what answers is not a SiLA 2 server.
    """
    target = locate(
        address, name=name, uuid=uuid, certificate=certificate, insecure=insecure, timeout_s=timeout, identity=identity
    )
    options = [*OPTIONS, *target.options()]
    credentials, where = target.credentials(), str(target.address)
    channel = (
        grpc.insecure_channel(where, options)
        if credentials is None
        else grpc.secure_channel(where, credentials, options)
    )
    link = Link(channel, where=where, alive=SERVER_UUID, reconnect_s=timeout)
    try:
        ot2 = OT2(link, target)
    except BaseException:
        link.close()
        raise
    link.reconnect_s = reconnect
    return ot2
