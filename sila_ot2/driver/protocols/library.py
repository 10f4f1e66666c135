"""Protocols: kept in a library of our own, sent to the robot when it needs them, again when it has forgotten them."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.protocols.files import (
    GivenFile,
    NamedFile,
    UploadLimits,
    arrange,
    completed,
    require_kinds,
    safe_name,
)
from sila_ot2.driver.protocols.metadata import read_metadata
from sila_ot2.driver.requests.repeatable import again_if_lost
from sila_ot2.driver.waiting import OneAtATime
from sila_ot2.errors import (
    AnalysisPending,
    CommandCancelled,
    Movement,
    OT2Fault,
    ProtocolInUse,
    ProtocolInvalid,
    ProtocolNotFound,
    RobotFaulty,
    RobotRejected,
    RobotTypeMismatch,
)
from sila_ot2.files import replace_file
from sila_ot2.polling import ask_until
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.protocol_requests import UploadFile
from sila_ot2.store.analyses import AnalysisStore
from sila_ot2.store.files import staged_folder
from sila_ot2.store.protocols import ProtocolLibrary, StoredFile, StoredProtocol, content_hash, identifier_of
from sila_ot2.store.runs import RunArchive
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

PENDING_FOR_S = 120.0
"""How long a protocol that the robot is still analyzing is offered to it again."""
PENDING_POLL_S = 0.3
CANCELLED = "The upload was cancelled; nothing was kept."


@dataclass(frozen=True)
class ProtocolEntry:
    """A protocol of the library, and whether the robot has it."""

    stored: StoredProtocol
    on_robot: bool


class Protocols:
    """One per robot; safe to use from any thread."""

    def __init__(
        self,
        robot: RobotClient,
        library: ProtocolLibrary,
        analyses: AnalysisStore,
        archive: RunArchive,
        definitions: DefinitionLibrary,
        *,
        limits: UploadLimits,
    ) -> None:
        self._robot = robot
        self._archive = archive
        self._definitions = definitions
        self._library = library
        self._analyses = analyses
        self._limits = limits
        self._sending = OneAtATime()
        self._closing = threading.Event()
        self._on_robot: frozenset[str] = frozenset()
        self.entries: Observable[tuple[ProtocolEntry, ...]] = Observable(())
        self.notify()

    def upload(
        self,
        main: GivenFile,
        *,
        support: Sequence[GivenFile] = (),
        labware: Sequence[bytes] = (),
        key: str = "",
        cancelled: Cancellation | None = None,
    ) -> tuple[StoredProtocol, bool]:
        """Take a protocol into the library once the robot has accepted it; returns it and whether it was there before.

        The same content has the same identifier, and is not sent again; a key that is given with it replaces the one
        that it has. Custom labware of the library that a Python protocol loads is added to its files. Nothing moves.

        Raises:
            ProtocolInvalid: the robot cannot read it, as it says; or its files make no protocol.
            ProtocolTooLarge: over the limit of this server.
            LabwareDefinitionInvalid: one of the definitions is none.
            RobotTypeMismatch: it is for another robot.
            RobotUnreachable: it could not be sent; nothing is kept.
            CommandCancelled: it was cancelled before it was kept.
        """
        files = completed(arrange(main, support, labware, self._limits), self._definitions.needed_by)
        stored_files = tuple(_stored(file) for file in files)
        content = content_hash(stored_files)
        known = self._library.find(identifier_of(content))
        if known is not None:
            if key not in ("", known.key):
                self._library.note_key(known.identifier, key)
                known = replace(known, key=key)
                self.notify()
            return known, True
        if self._robot.release.has_runs:
            require_kinds(files)
        metadata = read_metadata(files[0].name, files[0].content)
        if metadata.robot_type and "OT-2" not in metadata.robot_type:
            raise RobotTypeMismatch(
                f"{files[0].name} is written for {metadata.robot_type}, not for the OT-2.",
                "Use the version of the protocol for the OT-2.",
            )
        with staged_folder(self._library.folder) as folder:
            for file in files:
                replace_file(folder / file.name, file.content)
            sent = self._send(self._uploads(identifier_of(content), stored_files, folder), key, cancelled)
            stored = StoredProtocol(
                identifier=identifier_of(content),
                content_hash=content,
                files=stored_files,
                name=str(sent.metadata.get("protocolName") or metadata.name or files[0].name),
                author=str(sent.metadata.get("author") or metadata.author),
                api_level=metadata.api_level or str(sent.metadata.get("apiLevel") or ""),
                robot_type=sent.robot_type or metadata.robot_type,
                key=key,
                uploaded_at=utc_now(),
                robot_id=sent.id,
                last_result="",
            )
            self._library.add(stored, folder)
        log.info("Protocol %s uploaded: %d files", stored.identifier, len(files))
        self.refresh()
        return stored, False

    def require(self, identifier: str) -> StoredProtocol:
        """Return a protocol of the library.

        Raises:
            ProtocolNotFound: there is none.
        """
        return self._library.require(identifier)

    def on_robot(self, identifier: str, cancelled: Cancellation | None = None) -> wire.Protocol:
        """Return the protocol as the robot has it; it is sent again if the robot has forgotten it.

        Raises:
            ProtocolNotFound: this server does not have it.
            RobotUnreachable: the robot cannot be asked, or it could not be sent.
        """
        stored = self._library.require(identifier)
        if stored.robot_id:
            try:
                return self._robot.protocol(stored.robot_id)
            except ProtocolNotFound:
                log.info("The robot has forgotten protocol %s; it is sent again.", identifier)
        uploads = self._uploads(identifier, stored.files, self._library.folder / identifier)
        sent = self._send(uploads, stored.key, cancelled)
        self._library.note_robot_id(identifier, sent.id)
        self.refresh()
        return sent

    def delete(self, identifier: str) -> None:
        """Delete a protocol here, and on the robot if no run there uses it; the robot need not be reachable.

        Raises:
            ProtocolNotFound: there is none.
            ProtocolInUse: a run that has not ended uses it; nothing was deleted.
        """
        stored = self._library.require(identifier)
        users = [run.run_id for run in self._archive.open_runs() if run.protocol_identifier == identifier]
        if users:
            raise ProtocolInUse(
                f"Protocol {identifier} is used by run {', '.join(users)}, which has not ended.",
                "Wait for its end, or release it with ReleaseRun.",
            )
        if stored.robot_id:
            try:
                self._robot.delete_protocol(stored.robot_id)
            except OT2Fault as fault:  # the robot forgets it by itself; the library decides what there is
                log.info("Protocol %s stays on the robot for now: %s", identifier, fault)
        self._analyses.forget(identifier)
        self._library.delete(identifier)
        self.refresh()

    def read_file(self, identifier: str, name: str) -> bytes:
        """Return a file of a protocol as it was uploaded; without a name, the main file.

        Args:
            identifier: a protocol of the library.
            name: of the file, as it is kept or as it was given; empty: the main file.

        Raises:
            ProtocolNotFound: there is no such protocol.
            FileNotFound: it has no file of this name.
        """
        stored = self._library.require(identifier)
        kept = name or stored.files[0].name
        if all(file.name != kept for file in stored.files):
            with suppress(ProtocolInvalid):  # no name at all: the library says which there are
                kept = safe_name(name)
        return self._library.path(stored, kept).read_bytes()

    def api_levels(self) -> tuple[str, str]:
        """Return the lowest and the highest protocol API level that the robot runs, e.g. ("2.0", "2.20").

        Raises:
            RobotUnreachable: the robot gave no answer.
        """
        health = self._robot.health()
        lowest, highest = health.minimum_protocol_api_version, health.maximum_protocol_api_version
        return api_level_text(lowest), api_level_text(highest)

    def refresh(self) -> None:
        """Read from the robot which protocols it has; if that fails, the last list stays."""
        try:
            self._on_robot = frozenset(protocol.id for protocol in self._robot.protocols())
        except OT2Fault as fault:
            log.debug("The robot does not list its protocols: %s", fault)
        self.notify()

    def notify(self) -> None:
        """Bring `entries` up to date."""
        self.entries.set(
            tuple(ProtocolEntry(stored, stored.robot_id in self._on_robot) for stored in self._library.all())
        )

    def close(self) -> None:
        """End what waits."""
        self._closing.set()

    def _uploads(self, identifier: str, files: Sequence[StoredFile], folder: Path) -> list[UploadFile]:
        """Return the files as they are sent.

        Release 4 takes the name of the main file as the protocol's identifier. So there the file is named after its
        content: what runs is then never another protocol of the same name.
        """
        main = files[0].name if self._robot.release.has_runs else f"{identifier}{Path(files[0].name).suffix}"
        names = [main, *(file.name for file in files[1:])]
        return [UploadFile(name, folder / file.name) for name, file in zip(names, files, strict=True)]

    def _send(self, files: list[UploadFile], key: str, cancelled: Cancellation | None) -> wire.Protocol:
        """Send it; again if the answer was lost (it acts on nothing), and as long as the robot still analyzes it."""
        cancelled = cancelled or Cancellation()

        def send() -> wire.Protocol | AnalysisPending:
            if cancelled.is_set():
                raise CommandCancelled(CANCELLED, moved=Movement.NONE)
            try:
                return again_if_lost(lambda: self._robot.upload_protocol(files, key=key or None).protocol)
            except AnalysisPending as pending:
                return pending
            except RobotFaulty as fault:  # what its own reader of protocols fails at is an internal error to it
                raise ProtocolInvalid.of(
                    fault, before=f"The robot failed to read {files[0].name}.", moved=Movement.NONE
                ) from fault

        def done(sent: wire.Protocol | AnalysisPending) -> bool:
            return isinstance(sent, wire.Protocol) or self._closing.is_set()

        with self._sending.alone(cancelled, CANCELLED):
            sent = ask_until(
                send,
                done,
                every_s=PENDING_POLL_S,
                within_s=PENDING_FOR_S,
                sleep=self._closing.wait,
            )
        if isinstance(sent, AnalysisPending):
            raise RobotRejected.of(sent, remedy="Upload it again later.") from sent
        return sent


def _stored(file: NamedFile) -> StoredFile:
    return StoredFile(file.name, file.role, len(file.content), hashlib.sha256(file.content).hexdigest())


def api_level_text(version: tuple[int, int] | None) -> str:
    """Return an API level as the robot's documentation writes it, such as "2.15"; empty if it is not known."""
    return f"{version[0]}.{version[1]}" if version else ""
