"""The protocols on the robot and their analyses."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass, field
from typing import Any

from opentrons.protocol_reader import (
    FileHasher,
    FileReaderWriter,
    ProtocolFilesInvalidError,
    ProtocolReader,
    ProtocolSource,
)
from opentrons.protocol_reader.file_reader_writer import BufferedFile

from sila_ot2.simulator.errors import JsonObject, refusal
from sila_ot2.simulator.machine.clock import Clock, timestamp
from sila_ot2.simulator.machine.faults import AnalysisFaults
from sila_ot2.simulator.state.analyses import SimulatedAnalysis, SimulatedParameters, complete, prepare
from sila_ot2.simulator.state.persistence import Disk
from sila_ot2.simulator.state.tasks import Background

KEPT_UNUSED = 5
"""Protocols no run refers to that are kept; the oldest is deleted silently for a new one."""


@dataclass
class SimulatedProtocol:
    """A protocol, its files on disk and its analyses, oldest first."""

    id: str
    created_at: str
    source: ProtocolSource
    kind: str
    key: str | None
    analyses: list[SimulatedAnalysis] = field(default_factory=list)

    def body(self) -> JsonObject:
        """The protocol as the robot shows it."""
        shown: JsonObject = {
            "id": self.id,
            "createdAt": self.created_at,
            "files": [{"name": file.path.name, "role": file.role.value} for file in self.source.files],
            "protocolType": self.source.config.protocol_type.value,
            "robotType": self.source.robot_type,
            "metadata": self.source.metadata,
            "analyses": [],
            "analysisSummaries": [analysis.summary() for analysis in self.analyses],
        }
        if self.key is not None:
            shown["key"] = self.key
        shown["protocolKind"] = self.kind
        return shown


class SimulatedProtocols:
    """The protocols on the robot, oldest first."""

    def __init__(self, disk: Disk, clock: Clock, faults: AnalysisFaults, background: Background) -> None:
        self._disk = disk
        self._clock = clock
        self._faults = faults
        self._background = background
        self._protocols: dict[str, SimulatedProtocol] = {}

    def all(self) -> list[SimulatedProtocol]:
        """Every protocol, oldest first."""
        return list(self._protocols.values())

    def get(self, protocol_id: str) -> SimulatedProtocol:
        """One protocol.

        Raises:
            Problem: there is none of that id.
        """
        if protocol_id not in self._protocols:
            raise refusal(404, "ProtocolNotFound", "Protocol Not Found", f"'Protocol {protocol_id} was not found.'")
        return self._protocols[protocol_id]

    async def upload(
        self, files: list[BufferedFile], *, kind: str, key: str | None, parameters: SimulatedParameters, used: set[str]
    ) -> tuple[SimulatedProtocol, bool]:
        """Take a protocol in and start its analysis; answers it and whether it is new.

        Args:
            files: the main file and its labware.
            kind: "standard" or "quick-transfer".
            key: the client's own mark.
            parameters: for the analysis.
            used: ids of protocols that runs refer to.

        Raises:
            Problem: the files are no protocol, or the same protocol is still being analyzed.
        """
        content_hash = await FileHasher.hash(files)
        known = next((one for one in self.all() if one.source.content_hash == content_hash), None)
        if known is not None:
            await self.analyze(known, parameters, force=False)
            return known, False
        protocol_id = str(uuid.uuid4())
        directory = self._disk.protocol_directory(protocol_id)
        try:
            source = await ProtocolReader().save(files=files, directory=directory, content_hash=content_hash)
        except ProtocolFilesInvalidError as error:
            raise refusal(422, "ProtocolFilesInvalid", "Protocol File(s) Invalid", str(error)) from error
        if source.robot_type != "OT-2 Standard":
            shutil.rmtree(directory, ignore_errors=True)
            raise refusal(
                422,
                "ProtocolRobotTypeMismatch",
                "Protocol For Different Robot Type",
                f"This protocol is for {source.robot_type} robots. It can't be analyzed or run on this robot,"
                " which is an OT-2 Standard.",
            )
        self._remove_oldest(used)
        protocol = SimulatedProtocol(protocol_id, timestamp(self._clock.now()), source, kind, key)
        self._protocols[protocol_id] = protocol
        self._save(protocol)
        await self.analyze(protocol, parameters, force=False)
        return protocol, True

    async def analyze(self, protocol: SimulatedProtocol, parameters: SimulatedParameters, *, force: bool) -> bool:
        """Start another analysis if it is forced or if parameters differ from the last one; answers whether it was.

        Raises:
            Problem: the last analysis is pending (503).
        """
        prepared = await prepare(protocol.source, parameters)
        failed_to_load = prepared.orchestrator is None
        last = protocol.analyses[-1] if protocol.analyses else None
        if last is not None and last.is_pending:
            await prepared.discard()
            raise refusal(
                503, "LastAnalysisPending", "Last Analysis Still Pending.", f'Analysis "{last.id}" is still pending.'
            )
        if last is not None and not force and not failed_to_load and last.parameters == prepared.analysis.parameters:
            await prepared.discard()
            return False
        protocol.analyses.append(prepared.analysis)

        async def work() -> None:
            await complete(prepared, protocol.source, self._faults)
            self._save(protocol)

        if failed_to_load:
            self._save(protocol)
        else:
            self._background.start(work())
        return True

    def delete(self, protocol_id: str, *, used: set[str]) -> None:
        """Delete a protocol.

        Raises:
            Problem: there is none, or a run refers to it.
        """
        self.get(protocol_id)
        if protocol_id in used:
            raise refusal(
                409,
                "ProtocolUsedByRun",
                "Protocol Used by Run",
                f"Protocol {protocol_id} is used by a run and cannot be deleted.",
            )
        self._forget(protocol_id)

    def _remove_oldest(self, used: set[str]) -> None:
        unused = [protocol_id for protocol_id in self._protocols if protocol_id not in used]
        for protocol_id in unused[: max(0, len(unused) - (KEPT_UNUSED - 1))]:
            self._forget(protocol_id)

    def _forget(self, protocol_id: str) -> None:
        del self._protocols[protocol_id]
        self._disk.remove_protocol(protocol_id)

    def _save(self, protocol: SimulatedProtocol) -> None:
        if protocol.id not in self._protocols:
            return
        self._disk.save(
            "protocols",
            protocol.id,
            {
                "createdAt": protocol.created_at,
                "kind": protocol.kind,
                "key": protocol.key,
                "analyses": [
                    {"id": one.id, "parameters": one.parameters, "document": one.document}
                    for one in protocol.analyses
                    if not one.is_pending
                ],
            },
        )

    def power_cut(self) -> None:
        """Keep nothing of what is still going on."""
        self._protocols.clear()

    async def load(self) -> None:
        """Read what an earlier start of this robot has kept."""
        for protocol_id, kept in self._disk.load("protocols"):
            directory = self._disk.protocol_directory(protocol_id)
            source = await ProtocolReader().read_saved(
                files=sorted(directory.iterdir()), directory=directory, files_are_prevalidated=True
            )
            protocol = SimulatedProtocol(protocol_id, kept["createdAt"], source, kept["kind"], kept["key"])
            protocol.analyses = [
                SimulatedAnalysis(one["id"], one["parameters"], one["document"]) for one in kept["analyses"]
            ]
            self._protocols[protocol_id] = protocol


async def buffer(files: list[Any]) -> list[BufferedFile]:
    """Uploaded files (with ``filename`` and ``file``) as the protocol reader takes them."""
    buffered: list[BufferedFile] = await FileReaderWriter.read(files=files)
    return buffered
