"""Collects everything that is kept of a run that has ended, as one signed file."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.protocols.analyses import Parameters
from sila_ot2.driver.tracking.archive import allotrope
from sila_ot2.driver.tracking.archive.log import as_csv, as_json, use_as_csv
from sila_ot2.driver.tracking.origins import SERVER_VERSION
from sila_ot2.driver.waiting import OneAtATime
from sila_ot2.errors import CommandCancelled, Movement, RunActionNotAllowed, RunNotFound
from sila_ot2.store.analyses import AnalysisStore
from sila_ot2.store.data_files import DataFileLibrary
from sila_ot2.store.protocols import ProtocolLibrary
from sila_ot2.store.run_crate import METADATA, PackedFile, crate_metadata
from sila_ot2.store.run_package import Signer, pack
from sila_ot2.store.runs import RunArchive, RunRecord

_CANCELLED = "Packing was cancelled; nothing was kept."


class RunPackages:
    """One per robot; reads files of this server alone, safe to use from any thread."""

    def __init__(
        self,
        archive: RunArchive,
        protocols: ProtocolLibrary,
        analyses: AnalysisStore,
        data_files: DataFileLibrary,
        signer: Signer,
    ) -> None:
        self._archive = archive
        self._protocols = protocols
        self._analyses = analyses
        self._data_files = data_files
        self._signer = signer
        self._packing = OneAtATime()  # a package is in memory as a whole, several times

    def make(self, run_id: str, *, cancelled: Cancellation) -> bytes:
        """Return the package of a run, a zip file.

        What has been deleted since the run is left out, and the manifest says so. One is made after the other.

        Args:
            run_id: of the run.
            cancelled: ends the work early.

        Raises:
            RunNotFound: this server has never seen the run, has given up its record, or its log is damaged.
            RunActionNotAllowed: the run has not ended.
            CommandCancelled: it was cancelled.
        """
        with self._packing.alone(cancelled, _CANCELLED):
            return self._make(run_id, cancelled)

    def _make(self, run_id: str, cancelled: Cancellation) -> bytes:
        record = self._archive.record(run_id)
        if record is None:
            if self._archive.start_of(run_id) is not None:
                raise RunActionNotAllowed(f"Run {run_id} has not ended.", "Retrieve its package after its end.")
            raise RunNotFound(f"Run {run_id} is not in the archive of this server.", "RunHistory lists the runs.")
        files: dict[str, PackedFile] = {}
        missing: list[str] = []
        for name, file in self._files(record, self._signer.server):
            if cancelled.is_set():
                raise CommandCancelled(_CANCELLED, moved=Movement.NONE)
            if file is None:
                missing.append(name)
            else:
                files[name] = file
        metadata = crate_metadata(record, files, self._signer.server)
        contents = {METADATA: metadata, **{name: file.content for name, file in files.items()}}
        return pack(contents, {"run": run_id, "missing": missing}, self._signer)

    def _files(self, record: RunRecord, server: str) -> Iterator[tuple[str, PackedFile | None]]:
        """Yield the files of a package by name; None for one that was deleted."""
        run_id = record.start.run_id
        yield "record.json", PackedFile(_json(record.model_dump(mode="json")), "The record of the run.")
        yield "versions.json", PackedFile(_json(_versions(record)), "Releases of robot, server and this package.")
        yield (
            "log.json",
            PackedFile(as_json(self._archive.commands(run_id)), "Every command, as the robot reported it."),
        )
        yield "log.csv", PackedFile(as_csv(self._archive.commands(run_id)), "Every command, as a table.")
        if (use := self._archive.use(run_id)) is not None:
            said = "What the run drew from each well and dispensed into it, and the tips it took."
            yield "wells.csv", PackedFile(use_as_csv(use), said)
            if (document := allotrope.liquid_handler_document(record, use, server)) is not None:
                yield allotrope.FILE_NAME, PackedFile(document, f"{said} In the Allotrope Simple Model.")
        yield from self._protocol(record)
        for variable, identifier in record.start.parameter_files.items():
            yield self._data_file(variable, identifier)
        for moment, content in self._archive.decks.of(run_id):
            said = f"What was known of the deck {moment} the run: slots, tip racks and liquids."
            yield f"deck-{moment}.json", PackedFile(content, said)
        for picture in self._archive.pictures.of(run_id):
            taken = f"The deck at the moment '{picture.moment}', {picture.taken_at.isoformat()}."
            with suppress(FileNotFoundError):  # the record was given up in the meantime
                content = picture.path.read_bytes()
                yield f"pictures/{picture.number:03}-{picture.moment}.jpg", PackedFile(content, taken)

    def _protocol(self, record: RunRecord) -> Iterator[tuple[str, PackedFile | None]]:
        start = record.start
        if not start.protocol_identifier:
            return
        protocol = self._protocols.find(start.protocol_identifier)
        if protocol is None:
            yield f"protocol {start.protocol_identifier}", None
            return
        for file in protocol.files:
            description = {"main": "The protocol.", "labware": "A labware definition of the protocol."}
            content = self._protocols.content(protocol, file)
            said = description.get(file.role, "A file of the protocol.")
            yield f"protocol/{file.name}", None if content is None else PackedFile(content, said, is_input=True)
        values = {name: str(value) for name, value in start.parameter_values.items()}
        analysis = self._analyses.newest(protocol.identifier, Parameters(values, start.parameter_files).key)
        document = self._analyses.document(protocol.identifier, analysis.analysis_id) if analysis else None
        said = "The newest analysis of the protocol with the parameters of the run."
        yield "analysis.json", None if document is None else PackedFile(document, said, is_input=True)

    def _data_file(self, variable: str, identifier: str) -> tuple[str, PackedFile | None]:
        stored, content = self._data_files.find(identifier), self._data_files.content(identifier)
        if stored is None or content is None:
            return f"data file {identifier} (parameter {variable})", None
        file = PackedFile(content, f"The value of the parameter {variable}.", is_input=True)
        return f"data/{variable}/{PurePosixPath(stored.name).name}", file


def _versions(record: RunRecord) -> dict[str, str]:
    return {
        "robot_software": record.start.robot_software,
        "server_at_the_run": record.start.server_version,
        "server_at_packing": SERVER_VERSION,
        "python": platform.python_version(),
    }


def _json(document: object) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
