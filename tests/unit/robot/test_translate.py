"""The robot's refusals and failures as our errors."""

from __future__ import annotations

import pytest

from sila_ot2 import errors
from sila_ot2.robot import translate
from sila_ot2.robot.wire import ErrorOccurrence


def refusal(status: int, error_id: str, detail: str = "because", title: str = "Title") -> errors.OT2Fault:
    body = {"errors": [{"id": error_id, "title": title, "detail": detail, "errorCode": "4000"}]}
    fault = translate.refusal(status, body, "play run 1")
    assert fault is not None
    return fault


@pytest.mark.parametrize(
    ("status", "error_id", "fault"),
    [
        (404, "RunNotFound", errors.RunNotFound),
        (409, "RunActionNotAllowed", errors.RunActionNotAllowed),
        (409, "RunStopped", errors.RunActionNotAllowed),
        (409, "RunAlreadyActive", errors.RobotBusy),
        (409, "RunActive", errors.RobotBusy),
        (409, "RunNotIdle", errors.RunStillActive),
        (409, "ProtocolUsedByRun", errors.ProtocolInUse),
        (422, "ProtocolFilesInvalid", errors.ProtocolInvalid),
        (422, "ProtocolRobotTypeMismatch", errors.RobotTypeMismatch),
        (503, "LastAnalysisPending", errors.AnalysisPending),
        (404, "BadRequest", errors.UnsupportedByRobot),
        (405, "BadRequest", errors.UnsupportedByRobot),
        (405, "SomethingNew", errors.UnsupportedByRobot),
        (410, "SomethingNew", errors.UnsupportedByRobot),
        (418, "Teapot", errors.RobotRejected),
        (500, "UnexpectedError", errors.RobotFaulty),
        (501, "SomethingNew", errors.RobotFaulty),
    ],
)
def test_refusals(status: int, error_id: str, fault: type[errors.OT2Fault]) -> None:
    found = refusal(status, error_id)
    assert type(found) is fault
    for part in ("play run 1", str(status), "because", error_id, "code 4000"):
        assert part in str(found)
    assert ("Nothing moved" in str(found)) == isinstance(found, errors.RobotRefused)


def test_a_route_that_is_not_there_is_named() -> None:
    body = {"errors": [{"id": "BadRequest", "title": "Bad Request", "detail": "Not Found"}]}
    assert "It does not have GET /modules." in str(translate.refusal(404, body, "list", route="GET /modules"))
    assert "does not have" not in str(translate.refusal(409, body, "list", route="GET /modules"))


def test_the_text_may_say_more_than_the_id() -> None:
    door = "Front door or top window is currently open."
    assert isinstance(refusal(409, "RunActionNotAllowed", door), errors.DoorOpen)
    assert isinstance(refusal(500, "UnexpectedError", f"RobotDoorOpenError: {door}"), errors.DoorOpen)
    assert isinstance(refusal(500, "UnexpectedError", "Command nope does not exist"), errors.CommandNotFound)
    assert isinstance(refusal(500, "UnexpectedError", "x.ParameterValueError: too big"), errors.ParameterInvalid)


def test_release_4_refusals_are_distinguished_by_title() -> None:
    fault = refusal(403, "UncategorizedError", "Can't execute 'protocol.pause'", title="Action Forbidden")
    assert isinstance(fault, errors.RunActionNotAllowed)


def test_a_pointer_to_the_value_is_kept() -> None:
    body = {"errors": [{"id": "InvalidRequest", "detail": "field required", "source": {"pointer": "/data/params/x"}}]}
    assert "field required at /data/params/x" in str(translate.refusal(422, body, "move"))


@pytest.mark.parametrize("body", [None, [], "text", {}, {"errors": []}, {"errors": ["x"]}, {"detail": "Not Found"}])
def test_an_answer_in_another_form_than_the_robots_is_not_a_refusal(body: object) -> None:
    assert translate.refusal(500, body, "play run 1") is None


@pytest.mark.parametrize(
    ("error_type", "code", "detail", "fault"),
    [
        ("TipNotAttachedError", "3005", "no tip", errors.TipNotAttached),
        ("UnexpectedTipAttachError", "3012", "tip", errors.TipAlreadyAttached),
        ("WellDoesNotExistError", "4000", "Z99", errors.WellUnknown),
        ("LabwareNotLoadedError", None, "nope", errors.LabwareNotLoaded),
        ("LocationIsOccupiedError", "4000", "slot 2", errors.SlotNotAvailable),
        ("FailedToLoadPipetteError", "3010", "mount", errors.PipetteMissing),
        ("StallOrCollisionDetectedError", "2003", "stall", errors.MotionFailed),
        ("PythonException", "4000", "SmoothieError: hard limit", errors.MotionFailed),
        ("UnexpectedProtocolError", None, "Cannot perform ASPIRATE without a tip attached", errors.TipNotAttached),
        ("UnexpectedProtocolError", None, "Cannot pick up tip with a tip attached", errors.TipAlreadyAttached),
        ("PythonException", "4000", 'Labware "a" not found with version 1', errors.LabwareDefinitionNotFound),
        ("PythonException", "4000", "KeyError: 'nope'", errors.CommandFailed),
        ("RunStoppedError", "4000", "Run was cancelled", errors.RunStopped),
        ("PickUpTipTipNotAttachedError", None, "no tip after the pick-up", errors.TipNotAttached),
        ("LabwareCannotSitOnDeckError", "4000", "needs an adapter", errors.SlotNotAvailable),
        ("OutOfBoundsMove", "2004", "too far", errors.PositionOutOfBounds),
        ("liquidNotFound", "2017", "no liquid", errors.NotEnoughLiquid),
        ("HardwareNotSupportedError", "4003", "for a Flex", errors.UnsupportedByRobot),
        ("CameraDisabledError", "4013", "off", errors.CameraDisabled),
    ],
)
def test_failures(error_type: str, code: str | None, detail: str, fault: type[errors.OT2Fault]) -> None:
    occurrence = ErrorOccurrence(error_type=error_type, error_code=code, detail=detail)
    found = translate.failure("aspirate", occurrence)
    assert type(found) is fault
    assert detail in str(found)
    assert error_type in str(found)


def test_the_cause_of_a_failure_is_inside() -> None:
    inner = ErrorOccurrence(error_type="TipNotAttachedError", error_code="3005", detail="no tip")
    outer = ErrorOccurrence(error_type="ExceptionInProtocolError", detail="line 9", wrapped_errors=(inner,))
    found = translate.failure("run", outer)
    assert isinstance(found, errors.TipNotAttached)
    assert "line 9" in str(found)


def test_a_command_that_failed_may_have_moved_the_robot_whatever_the_kind_of_error_says() -> None:
    """Most errors of these kinds are refusals, of which nothing moves; the robot has begun these."""
    for name in ("InvalidAspirateVolumeError", "RobotDoorOpenError", "ThermocyclerNotOpenError", "OutOfBoundsMove"):
        fault = translate.failure("aspirate", ErrorOccurrence(error_type=name, detail="because"))
        assert isinstance(fault, errors.RobotRefused)
        assert fault.moved is errors.Movement.UNKNOWN


def test_a_failed_task_is_reported_by_its_cause() -> None:
    inner = ErrorOccurrence(error_type="InvalidTargetTemperatureError", error_code="4000", detail="120 degrees")
    outer = ErrorOccurrence(error_type="TaskFailedError", detail="Task 1 failed.", wrapped_errors=(inner,))
    assert isinstance(translate.failure("wait", outer), errors.TargetOutOfRange)


def test_a_failure_without_reason_is_reported() -> None:
    assert isinstance(translate.failure("home", None), errors.CommandFailed)
