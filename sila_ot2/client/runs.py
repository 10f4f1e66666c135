"""Running a protocol file: files and values as parameters of the command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from sila_ot2.client.generated.features import Features
from sila_ot2.client.generated.run_controller import LabwareOffset, ParameterFile, ParameterValue, SupportFile

ENDED_RUN_STATUSES = frozenset({"Succeeded", "Stopped", "Failed"})
Value: TypeAlias = "str | int | float | bool | Path"


def run_options(
    *, label: str | None, support_files: Sequence[str | Path], labware_definitions: Sequence[str | Path],
    offsets: Sequence[LabwareOffset], use_stored_offsets: bool,
) -> dict[str, Any]:  # fmt: skip
    """Return the parameters of RunUploadedFile that depend on nothing that is uploaded before."""
    return {
        "support_files": [SupportFile(file_name=Path(f).name, content=Path(f).read_bytes()) for f in support_files],
        "labware_definitions": [Path(file).read_bytes() for file in labware_definitions],
        "labware_offsets": list(offsets),
        "use_stored_offsets": use_stored_offsets,
        "run_label": label,
    }


def run_parameters(values: Mapping[str, str], data_files: Mapping[str, str]) -> dict[str, Any]:
    """Return the run-time parameters as those of RunUploadedFile; data files by their identifiers."""
    return {
        "parameter_values": [ParameterValue(name=name, value=value) for name, value in values.items()],
        "parameter_files": [ParameterFile(name=name, data_file_identifier=file) for name, file in data_files.items()],
    }


def prepare(features: Features, parameters: Mapping[str, Value]) -> tuple[dict[str, str], dict[str, str]]:
    """Upload the data files among run-time parameters.

    Returns:
        the values as the server reads them, and the identifiers of the data files, both by the names of parameters.
    """
    values, files = divided(parameters)
    upload = features.protocol_service.upload_data_file
    return values, {name: upload(file.name, file.read_bytes()) for name, file in files.items()}


def divided(parameters: Mapping[str, Value]) -> tuple[dict[str, str], dict[str, Path]]:
    """Return the run-time parameters that are values, as the server reads them, and those that are data files."""
    files = {name: Path(str(value)) for name, value in parameters.items() if is_file(value)}
    return {name: as_text(value) for name, value in parameters.items() if name not in files}, files


def is_file(value: Value) -> bool:
    """Whether a value is a data file: a path, or a text that is the name of a CSV file that exists."""
    return isinstance(value, Path) or (isinstance(value, str) and value.endswith(".csv") and Path(value).is_file())


def as_text(value: Value) -> str:
    """A value as the server reads it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
