"""What a SiLA server answers becomes one line and an exit code."""

from __future__ import annotations

import pytest

from sila_ot2.cli.answers import faults_of_the_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.client import errors
from sila_ot2.client.wire import Unwritable

FEATURE = "io.github.silaot/instruments.liquidhandling/RunController/v1"


def declared(kind: type[errors.DefinedExecutionError]) -> errors.DefinedExecutionError:
    return kind("The robot's own text.", f"{FEATURE}/DefinedExecutionError/{kind.__name__}")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ServerUnreachable("nobody"), ExitCode.UNREACHABLE),
        (errors.WrongCertificate("another"), ExitCode.UNREACHABLE),
        (errors.AnswerLost("lost"), ExitCode.UNREACHABLE),
        (declared(errors.RobotUnreachable), ExitCode.UNREACHABLE),
        (declared(errors.DoorOpen), ExitCode.FAILED),
        (errors.UndefinedExecutionError("bug"), ExitCode.FAILED),
        (errors.NotOffered("not there"), ExitCode.FAILED),
        (Unwritable("Timeout: 9223372036854775808 does not fit into 64 bits"), ExitCode.USAGE),
    ],
)
def test_errors_end_the_command_with_their_code(error: Exception, code: ExitCode) -> None:
    with pytest.raises(CommandLineError) as raised, faults_of_the_server():
        raise error
    assert raised.value.code is code


def test_the_robots_text_and_the_name_of_the_error_are_shown() -> None:
    with pytest.raises(CommandLineError, match=r"DoorOpen: The robot's own text\."), faults_of_the_server():
        raise declared(errors.DoorOpen)


def test_the_error_without_a_log_in_says_how_to_log_in() -> None:
    with pytest.raises(CommandLineError, match="--user") as raised, faults_of_the_server():
        raise errors.FrameworkError("needs the metadata AccessToken", "INVALID_METADATA")
    assert raised.value.code is ExitCode.FAILED


def test_interrupt_during_a_call_is_an_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt), faults_of_the_server():
        raise KeyboardInterrupt
