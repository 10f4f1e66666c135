"""Requests for runs in texts: protocols and data files by name, parameters as lines of NAME=VALUE."""

from __future__ import annotations

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.protocols.analyses import Parameters
from sila_ot2.driver.protocols.data_files import DataFiles
from sila_ot2.driver.protocols.files import GivenFile
from sila_ot2.driver.protocols.library import Protocols
from sila_ot2.driver.runs.request_keys import RequestKeys
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.errors import DataFileNotFound, NameAmbiguous, ParameterInvalid, ProtocolNotFound
from sila_ot2.store.data_files import StoredDataFile
from sila_ot2.store.protocols import StoredProtocol


class TextRequests:
    """One per robot; safe to use from any thread. Nothing is sent to the robot."""

    def __init__(self, protocols: Protocols, data_files: DataFiles, keys: RequestKeys) -> None:
        self._protocols = protocols
        self._data_files = data_files
        self._keys = keys

    def upload(self, name: str, text: str, *, cancelled: Cancellation) -> StoredProtocol:
        """Keep a protocol; it is analyzed by the robot.

        Raises:
            OT2Fault: as `Protocols.upload`.
        """
        return self._protocols.upload(GivenFile(name, text.encode()), cancelled=cancelled)[0]

    def upload_data(self, name: str, text: str) -> StoredDataFile:
        """Keep a CSV file.

        Raises:
            OT2Fault: as `DataFiles.upload`.
        """
        return self._data_files.upload(name, text.encode())

    def specification(
        self, protocol_identifier: str, values: str, files: str, *, label: str, key: str
    ) -> RunSpecification:
        """Return the specification of a run.

        Args:
            protocol_identifier: of a protocol of the library.
            values: run-time parameters, one NAME=VALUE in each line.
            files: data files for CSV parameters, one NAME=FILE in each line; FILE is an identifier or a name.
            label: of the run.
            key: of the request; empty: none.

        Raises:
            ParameterInvalid: a line has another form, or a name stands there twice.
            DataFileNotFound: there is no such data file.
            NameAmbiguous: several data files have this name.
        """
        given = {name: self._data_file(file) for name, file in _pairs(files, "ParameterFilesText").items()}
        parameters = Parameters(_pairs(values, "ParameterValuesText"), given)
        return RunSpecification(protocol_identifier, parameters, label=label, request_key=key)

    def protocol(self, name: str, key: str) -> str:
        """Return the identifier of the protocol that is meant by a name.

        Args:
            name: of the protocol, of its main file, or its identifier.
            key: of the request; if it repeats an earlier one for a protocol of this name, that protocol is meant.

        Raises:
            ProtocolNotFound: there is none.
            NameAmbiguous: several have this name.
        """
        earlier = self._keys.start_of(key)
        if earlier is not None and name in (earlier.protocol_name, earlier.protocol_identifier):
            return earlier.protocol_identifier
        stored = [entry.stored for entry in self._protocols.entries.value]
        found = [one.identifier for one in stored if one.identifier == name.lower()]
        found = found or [one.identifier for one in stored if name in (one.name, one.files[0].name)]
        if not found:
            raise ProtocolNotFound(f"This server has no protocol {name!r}.", "Upload it first, or look at Protocols.")
        return _only(found, f"{len(found)} protocols have the name {name!r}")

    def _data_file(self, name: str) -> str:
        stored = self._data_files.files.value
        found = [one.identifier for one in stored if one.identifier == name.lower()]
        found = found or [one.identifier for one in stored if one.name == name]
        if not found:
            raise DataFileNotFound(f"This server has no data file {name!r}.", "Upload it first, or look at DataFiles.")
        return _only(found, f"{len(found)} data files have the name {name!r}")


def _only(identifiers: list[str], fault: str) -> str:
    if len(identifiers) > 1:
        raise NameAmbiguous(f"{fault}: {', '.join(identifiers)}.", "Give the identifier, or delete those not meant.")
    return identifiers[0]


def _pairs(text: str, parameter: str) -> dict[str, str]:
    """Return what stands in lines of NAME=VALUE; lines without text are passed over."""
    pairs: dict[str, str] = {}
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip():
            continue
        name, separator, value = (part.strip() for part in line.partition("="))
        if not separator or not name:
            raise ParameterInvalid(
                f"Line {number} of {parameter}, {line[:100]!r}, is not NAME=VALUE.",
                "Give one parameter in each line, such as samples=8.",
            )
        if name in pairs:
            raise ParameterInvalid(f"{parameter} gives {name} twice.", "Give each parameter once.")
        pairs[name] = value
    return pairs
