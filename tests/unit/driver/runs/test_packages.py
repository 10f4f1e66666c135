"""What is in the package of a run, and what its manifest says about files that were deleted."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.protocols.analyses import Parameters
from sila_ot2.driver.runs.packages import RunPackages
from sila_ot2.errors import CommandCancelled, RunActionNotAllowed, RunNotFound
from sila_ot2.sila.identity import make_certificate
from sila_ot2.store.analyses import AnalysisStore
from sila_ot2.store.data_files import DataFileLibrary
from sila_ot2.store.deck_use import DeckUse, LabwareUse, WellUse
from sila_ot2.store.files import staged_folder
from sila_ot2.store.protocols import ProtocolLibrary, StoredFile, StoredProtocol, content_hash, identifier_of
from sila_ot2.store.run_package import Signer, verify
from sila_ot2.store.runs import RunArchive, RunRecord, RunStart
from sila_ot2.times import utc_now
from tests.fakes.database import open_database
from tests.waiting import wait_for

SERVER = "6a8b4f0e-5f0c-4d2e-9c33-0f5a3b1c7d11"
RUN = "0d2c9d0c-9f64-4b7e-9d0f-5e4f3a2b1c0d"
AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone.utc)
VALUES = {"volume": "20"}


class Shelf:
    """A server's archive and libraries, with one run of one protocol."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_database(folder)
        self.archive = RunArchive(self.engine, folder, keep=10)
        self.protocols = ProtocolLibrary(self.engine, folder)
        self.analyses = AnalysisStore(self.engine, self.protocols)
        self.data_files = DataFileLibrary(self.engine, folder)
        signer = Signer(SERVER, *make_certificate(UUID(SERVER), ["127.0.0.1"], utc_now()))
        self.packages = RunPackages(self.archive, self.protocols, self.analyses, self.data_files, signer)
        self.data_file = self.data_files.add("samples.csv", b"well\nA1\n").identifier
        self.protocol = self.add_protocol()
        files = {"samples": self.data_file}
        self.start = RunStart(
            run_id=RUN, origin="ThisServer", purpose="protocol", created_at=AT, protocol_identifier=self.protocol,
            parameter_values=VALUES, parameter_files=files, robot_software="8.4.0",
        )  # fmt: skip
        for parameters, content in ((Parameters(VALUES, files), b'{"mine": 1}'), (Parameters({}, {}), b'{"other": 1}')):
            self.analyses.keep(f"a{len(content)}", self.protocol, parameters.key, "ok", content)
        self.archive.begin(self.start)
        self.archive.append(RUN, ['{"commandType": "home", "status": "succeeded"}'])
        self.archive.pictures.keep(RUN, "end", AT, b"jpeg")

    def add_protocol(self) -> str:
        files = (StoredFile("plate.py", "main", 3, "ab"), StoredFile("tube.json", "labware", 2, "cd"))
        identifier = identifier_of(content_hash(files))
        with staged_folder(self.protocols.folder) as folder:
            (folder / "plate.py").write_bytes(b"run")
            (folder / "tube.json").write_bytes(b"{}")
            stored = StoredProtocol(
                identifier, content_hash(files), files, "n", "a", "2.13", "", "", utc_now(), "r", ""
            )
            self.protocols.add(stored, folder)
        return identifier

    def end_run(self) -> None:
        self.archive.end(
            RunRecord(start=self.start, result="Succeeded", started_at=AT, completed_at=AT, seen_ended_at=AT),
            use=DeckUse(labware={"p": LabwareUse("plate", "2", {"A1": WellUse(0, 50)}, {})}),
        )

    def package(self, cancelled: Cancellation | None = None) -> dict[str, bytes]:
        content = self.packages.make(RUN, cancelled=cancelled or Cancellation())
        verify(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.engine.dispose()


def test_a_package_has_everything_that_is_kept_of_the_run(shelf: Shelf) -> None:
    shelf.end_run()
    files = shelf.package()
    assert json.loads(files["record.json"])["start"]["run_id"] == RUN
    assert json.loads(files["log.json"])[0]["commandType"] == "home"
    assert files["wells.csv"].splitlines()[1] == b"2,plate,A1,0.0,50.0,,no"
    assert SERVER.encode() in files["allotrope.json"]
    assert files["log.csv"].splitlines()[1].startswith(b"0,home,succeeded")
    assert (files["protocol/plate.py"], files["protocol/tube.json"]) == (b"run", b"{}")
    assert files["data/samples/samples.csv"] == b"well\nA1\n"
    assert files["analysis.json"] == b'{"mine": 1}'
    assert files["pictures/001-end.jpg"] == b"jpeg"
    assert json.loads(files["versions.json"])["robot_software"] == "8.4.0"
    assert json.loads(files["manifest.json"])["missing"] == []


def test_what_was_deleted_is_named(shelf: Shelf) -> None:
    shelf.end_run()
    shelf.data_files.delete(shelf.data_file)
    shelf.protocols.delete(shelf.protocol)
    files = shelf.package()
    assert json.loads(files["manifest.json"])["missing"] == [
        f"protocol {shelf.protocol}",
        f"data file {shelf.data_file} (parameter samples)",
    ]
    assert json.loads(files["log.json"])


def test_an_analysis_with_other_parameters_is_not_taken_for_the_runs(shelf: Shelf) -> None:
    shelf.end_run()
    shelf.analyses.forget(shelf.protocol)
    shelf.analyses.keep("a9", shelf.protocol, Parameters({}, {}).key, "ok", b'{"other": 1}')
    files = shelf.package()
    assert "analysis.json" not in files
    assert json.loads(files["manifest.json"])["missing"] == ["analysis.json"]


def test_a_run_that_goes_on_or_is_unknown_has_no_package(shelf: Shelf) -> None:
    with pytest.raises(RunActionNotAllowed, match="has not ended"):
        shelf.package()
    with pytest.raises(RunNotFound):
        shelf.packages.make(SERVER, cancelled=Cancellation())


def test_a_cancel_is_not_held_up_by_another_package(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, free, cancelled = threading.Event(), threading.Event(), Cancellation()
    shelf.end_run()
    record = shelf.archive.record

    def hang(run_id: str) -> RunRecord | None:
        begun.set()
        free.wait(60)
        return record(run_id)

    monkeypatch.setattr(shelf.archive, "record", hang)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shelf.package)
        begun.wait(60)
        second = pool.submit(shelf.package, cancelled)
        cancelled.set()
        try:
            wait_for(second.done)
        finally:
            free.set()
    assert isinstance(second.exception(), CommandCancelled)
    assert "record.json" in first.result()


def test_packing_can_be_cancelled(shelf: Shelf) -> None:
    shelf.end_run()
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        shelf.package(cancelled)


def test_a_run_of_no_protocol_has_a_package_too_with_what_was_known_of_the_deck(shelf: Shelf) -> None:
    other = "1d2c9d0c-9f64-4b7e-9d0f-5e4f3a2b1c0d"
    start = RunStart(run_id=other, origin="ThisServer", purpose="worklist", created_at=AT)
    shelf.archive.begin(start)
    shelf.archive.end(RunRecord(start=start, result="Stopped", started_at=None, completed_at=None, seen_ended_at=AT))
    shelf.archive.decks.keep(other, "before", b"{}")
    content = shelf.packages.make(other, cancelled=Cancellation())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
    assert "deck-before.json" in names
    assert not [name for name in names if name.startswith("protocol/")]
    assert json.loads(zipfile.ZipFile(io.BytesIO(content)).read("manifest.json"))["missing"] == []
