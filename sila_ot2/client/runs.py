"""Running a protocol file: what a person has, as the parameters of the command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from sila_ot2.client.execution import Execution
from sila_ot2.client.generated.features import Features
from sila_ot2.client.generated.run_controller import (
    CompletedRun,
    ParameterFile,
    ParameterValue,
    RunProgress,
    SupportFile,
)

Value: TypeAlias = "str | int | float | bool | Path"


def start_run(
    features: Features,
    protocol: str | Path,
    parameters: Mapping[str, Value],
    *,
    label: str | None,
    support_files: Sequence[str | Path],
    labware_definitions: Sequence[str | Path],
    **options: Any,
) -> Execution[CompletedRun, RunProgress]:
    """Upload a protocol file with all that belongs to it and start the run."""
    values, data_files = prepare(features, parameters)
    main = Path(protocol)
    return features.run_controller.run_uploaded_file(
        main.name,
        main.read_bytes(),
        support_files=[SupportFile(file_name=Path(f).name, content=Path(f).read_bytes()) for f in support_files],
        labware_definitions=[Path(file).read_bytes() for file in labware_definitions],
        parameter_values=[ParameterValue(name=name, value=value) for name, value in values.items()],
        parameter_files=[ParameterFile(name=name, data_file_identifier=file) for name, file in data_files.items()],
        run_label=label,
        **options,
    )


def prepare(features: Features, parameters: Mapping[str, Value]) -> tuple[dict[str, str], dict[str, str]]:
    """Upload the data files among run-time parameters.

    Returns:
        the values as the server reads them, and the identifiers of the data files, both by the names of parameters.
    """
    files = {name: Path(str(value)) for name, value in parameters.items() if is_file(value)}
    values = {name: as_text(value) for name, value in parameters.items() if name not in files}
    upload = features.protocol_service.upload_data_file
    return values, {name: upload(file.name, file.read_bytes()) for name, file in files.items()}


def is_file(value: Value) -> bool:
    """Whether a value is a data file: a path, or a text that is the name of a CSV file that exists."""
    return isinstance(value, Path) or (isinstance(value, str) and value.endswith(".csv") and Path(value).is_file())


def as_text(value: Value) -> str:
    """A value as the server reads it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
