"""CSV files for protocols that need one: kept here, sent to the robot when a run or analysis needs them."""

from __future__ import annotations

import codecs
import threading
from collections.abc import Mapping

from sila_ot2.driver.observable import Observable
from sila_ot2.driver.protocols.files import safe_name
from sila_ot2.driver.requests.repeatable import again_if_lost
from sila_ot2.errors import DataFileInUse, DataFileInvalid, DataFileTooLarge, ProtocolInvalid
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.protocol_requests import UploadFile
from sila_ot2.store.data_files import DataFileLibrary, StoredDataFile
from sila_ot2.store.runs import RunArchive

LARGEST_BYTES = 2_000_000
"""The robot's web server takes no more for anything but protocols (the OT-2's nginx.conf, 2 MB)."""


_REMEDY = "Save it as text in UTF-8: in Excel choose the file type CSV UTF-8 (comma delimited)."


class DataFiles:
    """One per robot; safe to use from any thread."""

    def __init__(self, robot: RobotClient, library: DataFileLibrary, archive: RunArchive) -> None:
        self._robot = robot
        self._archive = archive
        self._library = library
        self._sending = threading.Lock()
        self.files: Observable[tuple[StoredDataFile, ...]] = Observable(tuple(library.all()))

    def upload(self, name: str, content: bytes) -> StoredDataFile:
        """Keep a CSV file. Nothing is sent to the robot before it is needed.

        Raises:
            DataFileTooLarge: over the robot's own limit.
            DataFileInvalid: it is empty, or no text in UTF-8.
        """
        if len(content) > LARGEST_BYTES:
            raise DataFileTooLarge(
                f"The data file {name} is {len(content) / 1e6:.2f} MB; the robot takes at most "
                f"{LARGEST_BYTES / 1e6:g} MB.",
                "Leave out columns or rows.",
            )
        text = readable_text(name, content)
        try:
            kept_name = safe_name(name)
        except ProtocolInvalid as error:
            raise DataFileInvalid(f"{name!r} is not a file name.", "Give the file a name such as wells.csv.") from error
        stored = self._library.add(kept_name, text)
        self._notify()
        return stored

    def delete(self, identifier: str) -> None:
        """Delete a file from this server; a copy on the robot stays until the robot drops it by itself.

        Raises:
            DataFileNotFound: there is none.
            DataFileInUse: a run that has not ended uses it.
        """
        self._library.require(identifier)
        users = [run.run_id for run in self._archive.open_runs() if identifier in run.parameter_files.values()]
        if users:
            raise DataFileInUse(
                f"Data file {identifier} is used by run {', '.join(users)}, which has not ended.",
                "Wait for its end, or release it with ReleaseRun.",
            )
        self._library.delete(identifier)
        self._notify()

    def require(self, identifiers: Mapping[str, str]) -> None:
        """Return if every file given for a parameter exists.

        Raises:
            DataFileNotFound: one does not.
        """
        for identifier in identifiers.values():
            self._library.require(identifier)

    def send(self, identifiers: Mapping[str, str]) -> dict[str, str]:
        """Return for each parameter the robot's name of its file; what the robot does not have is sent.

        Raises:
            DataFileNotFound: this server does not have it.
            UnsupportedByRobot: before release 8.0.
        """
        if not identifiers:
            return {}
        self._robot.release.require(Ability.DATA_FILES)
        with self._sending:
            on_robot = {file.id for file in self._robot.data_files()}
            return {parameter: self._send_one(identifier, on_robot) for parameter, identifier in identifiers.items()}

    def _send_one(self, identifier: str, on_robot: set[str]) -> str:
        stored = self._library.require(identifier)
        if stored.robot_id in on_robot:
            return stored.robot_id
        file = UploadFile(stored.name, self._library.path(identifier))
        sent = again_if_lost(lambda: self._robot.upload_data_file(file))
        self._library.note_robot_id(identifier, sent.id)
        return sent.id

    def _notify(self) -> None:
        self.files.set(tuple(self._library.all()))


def readable_text(name: str, content: bytes) -> bytes:
    """Return text in UTF-8 without the byte order mark, which on the robot would be part of the first cell.

    Raises:
        DataFileInvalid: it is empty, or no such text; the message names the line.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        raise DataFileInvalid(f"The data file {name} is empty.", "Upload a file with content.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataFileInvalid(f"The data file {name} is text in UTF-16.", _REMEDY)
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise DataFileInvalid(f"Line {line} of the data file {name} is not text.", _REMEDY)
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataFileInvalid(
            f"Line {line} of the data file {name} has a byte (0x{content[error.start]:02x}) that is not UTF-8, "
            "the only encoding that a protocol can read.",
            _REMEDY,
        ) from error
    return content
