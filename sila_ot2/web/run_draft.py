"""A run that is being prepared: its protocol, the values of its parameters, and its start."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from sila_ot2.client import AsyncOT2
from sila_ot2.client.errors import ClientError
from sila_ot2.client.generated.protocol_service import Analysis, ParameterDefinition
from sila_ot2.client.generated.protocol_service import ParameterFile as AnalyzedFile
from sila_ot2.client.generated.protocol_service import ParameterValue as AnalyzedValue
from sila_ot2.client.generated.run_controller import ParameterFile, ParameterValue
from sila_ot2.web import texts

Inputs = tuple[dict[str, str], dict[str, str]]
"""The values of parameters, and the identifiers of their files, by name."""
BEGUN = ("Running", "Paused", "PausedByDoor", "AwaitingRecovery", "Finishing")


class RunDraft:
    """A protocol with values for its parameters.

    Args:
        client: returns the client of who prepares it, at the server where it would run.
        protocol: its identifier; empty until one is chosen.
        request_key: makes a start that is asked for twice, such as by a second click, one run.

    Attributes:
        source: the text of the protocol; empty if it is not text.
        starting: whether the start was asked for and has not been confirmed.
        parameters_shown: whether there are fields for the parameters.
    """

    def __init__(self, client: Callable[[], AsyncOT2], protocol: str, *, request_key: str) -> None:
        self._client, self.protocol, self._request_key = client, protocol, request_key
        self._checked: tuple[Inputs, Analysis] | None = None
        self.source = ""
        self.starting = self.parameters_shown = False
        self._values: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._label, self._offsets = "", False

    @property
    def analysis(self) -> Analysis | None:
        """What the robot found for the present values; None until these were checked."""
        return self._checked[1] if self._checked is not None and self._checked[0] == self._inputs() else None

    @property
    def ready(self) -> bool:
        """Whether the robot found no fault for the present values, and no start is under way."""
        return self.analysis is not None and self.analysis.result == "Ok" and not self.starting

    def setter(self, definition: ParameterDefinition) -> Callable[[str], None]:
        """Return what sets the value of a parameter; it must be checked again then."""
        values = self._files if definition.parameter_type == "File" else self._values

        def set_value(value: str) -> None:
            if value or values is not self._files:  # an emptied field does not mean the default: the server refuses it
                values[definition.name] = value
            else:
                values.pop(definition.name, None)

        return set_value

    def set_label(self, label: str) -> None:
        """Set the text that is kept with the run."""
        self._label = label.strip()

    def set_offsets(self, use: str) -> None:
        """Set whether the server's labware offsets are applied."""
        self._offsets = use == "true"

    async def check(self) -> None:
        """Have the robot analyze the protocol.

        Raises:
            ClientError: it could not be analyzed.
        """
        service, inputs = self._client().protocol_service, self._inputs()
        values, files = inputs
        execution = await service.analyze_protocol(
            self.protocol,
            parameter_values=[AnalyzedValue(name=name, value=value) for name, value in values.items()],
            parameter_files=[AnalyzedFile(name=name, data_file_identifier=each) for name, each in files.items()],
        )
        analysis = await execution
        if inputs == self._inputs():  # else what was found is not of what would run
            self._checked = inputs, analysis
        if analysis.errors and not self.source:
            with contextlib.suppress(ClientError, UnicodeDecodeError):  # then the line is shown by its number alone
                self.source = (await service.retrieve_protocol_file(self.protocol)).decode()

    def _inputs(self) -> Inputs:
        return dict(self._values), dict(self._files)

    async def start(self) -> str:
        """Start the run and wait until the robot has begun it, or refused; returns what to say.

        Raises:
            ClientError: it did not begin.
        """
        execution = await self._client().run_controller.run_protocol(
            self.protocol,
            parameter_values=[ParameterValue(name=name, value=value) for name, value in self._values.items()],
            parameter_files=[ParameterFile(name=name, data_file_identifier=each) for name, each in self._files.items()],
            use_stored_offsets=self._offsets,
            run_label=self._label or None,
            request_key=self._request_key,
        )
        async for progress in execution:
            if progress.details is not None and progress.details.status in BEGUN:
                return texts.RUN_BEGUN
        await execution.result()  # it ended at once; its error says why
        return texts.RUN_BEGUN
