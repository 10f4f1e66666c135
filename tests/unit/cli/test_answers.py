"""What a SiLA server answers becomes one line and an exit code."""

from __future__ import annotations

import pytest
from sila2.framework import DefinedExecutionError, SilaConnectionError, UndefinedExecutionError

from sila_ot2.cli.answers import faults_of_the_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.sila.client import CannotConnect


class Declared(DefinedExecutionError):  # type: ignore[misc]
    """A declared error as the client raises it, without a connection to take its name from."""

    def __init__(self, identifier: str) -> None:
        Exception.__init__(self, identifier)
        self.message = "The robot's own text."
        self.identifier = identifier


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CannotConnect("nobody"), ExitCode.UNREACHABLE),
        (SilaConnectionError("lost"), ExitCode.UNREACHABLE),
        (Declared("RobotUnreachable"), ExitCode.UNREACHABLE),
        (Declared("DoorOpen"), ExitCode.FAILED),
        (UndefinedExecutionError("bug"), ExitCode.FAILED),
    ],
)
def test_errors_end_the_command_with_their_code(error: Exception, code: ExitCode) -> None:
    with pytest.raises(CommandLineError) as raised, faults_of_the_server():
        raise error
    assert raised.value.code is code


def test_the_robots_text_and_the_name_of_the_error_are_shown() -> None:
    with pytest.raises(CommandLineError, match=r"DoorOpen: The robot's own text\."), faults_of_the_server():
        raise Declared("DoorOpen")


def test_interrupt_during_a_call_is_an_interrupt() -> None:
    """sila2's client turns KeyboardInterrupt into SilaConnectionError."""
    with pytest.raises(KeyboardInterrupt), faults_of_the_server():
        raise SilaConnectionError.from_exception(KeyboardInterrupt())
