"""What a server reports becomes the right error."""

from __future__ import annotations

import base64
import importlib
import pkgutil
from typing import Any

import grpc
import pytest
from sila2.framework.pb2 import SiLABinaryTransfer_pb2, SiLAFramework_pb2

from sila_ot2.client import errors
from sila_ot2.client.decoding import from_rpc
from sila_ot2.client.generated.errors import DEFINED

FEATURE = "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1"


class Failed(grpc.RpcError):
    """A failed call as gRPC raises it."""

    def __init__(self, code: grpc.StatusCode, details: str = "") -> None:
        self._code, self._details = code, details

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return self._details


def reported(**kind: Any) -> Failed:
    message = SiLAFramework_pb2.SiLAError(**kind)
    return Failed(grpc.StatusCode.ABORTED, base64.standard_b64encode(message.SerializeToString()).decode())


def test_a_declared_error_is_of_its_own_class() -> None:
    identifier = f"{FEATURE}/DefinedExecutionError/TipNotAttached"
    found = from_rpc(reported(definedExecutionError={"errorIdentifier": identifier, "message": "no tip"}), "Aspirate")
    assert type(found) is errors.TipNotAttached
    assert (str(found), found.identifier) == ("no tip", identifier)


def test_one_class_serves_all_features_that_declare_an_error() -> None:
    bearing = [identifier for identifier, kind in DEFINED.items() if kind is errors.RobotUnreachable]
    assert len(bearing) > 2
    assert all(identifier.endswith("/DefinedExecutionError/RobotUnreachable") for identifier in bearing)


def test_an_error_of_a_later_version_is_a_declared_one_too() -> None:
    identifier = f"{FEATURE}/DefinedExecutionError/Newer"
    found = from_rpc(reported(definedExecutionError={"errorIdentifier": identifier, "message": "x"}), "Aspirate")
    assert type(found) is errors.DefinedExecutionError


def test_a_validation_error_names_the_parameter() -> None:
    parameter = f"{FEATURE}/Command/Aspirate/Parameter/Volume"
    found = from_rpc(reported(validationError={"parameter": parameter, "message": "too much"}), "Aspirate")
    assert isinstance(found, errors.ValidationError)
    assert (str(found), found.parameter) == ("Volume: too much", parameter)


@pytest.mark.parametrize("kind", SiLAFramework_pb2.FrameworkError.ErrorType.keys())
def test_framework_errors(kind: str) -> None:
    found = from_rpc(reported(frameworkError={"errorType": kind, "message": "why"}), "Aspirate")
    assert isinstance(found, errors.FrameworkError)
    assert (found.kind, str(found)) == (kind, "why")
    assert isinstance(found, errors.CommandExecutionNotAccepted) == (kind == "COMMAND_EXECUTION_NOT_ACCEPTED")


def test_an_undefined_error() -> None:
    found = from_rpc(reported(undefinedExecutionError={"message": "why"}), "Aspirate")
    assert (type(found), str(found)) == (errors.UndefinedExecutionError, "why")


def test_an_error_of_the_binary_transfer() -> None:
    message = SiLABinaryTransfer_pb2.BinaryTransferError(errorType="BINARY_UPLOAD_FAILED", message="too large")
    failed = Failed(grpc.StatusCode.ABORTED, base64.standard_b64encode(message.SerializeToString()).decode())
    found = from_rpc(failed, "UploadProtocol", binary_transfer=True)
    assert (type(found), str(found)) == (errors.BinaryTransferError, "too large")


@pytest.mark.parametrize("details", ["no base64!", "ä", "", base64.b64encode(b"\xff\xff").decode()])
def test_an_error_that_is_not_of_sila_is_reported_as_such(details: str) -> None:
    assert type(from_rpc(Failed(grpc.StatusCode.ABORTED, details), "Aspirate")) is errors.NotASilaServer


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (grpc.StatusCode.UNAVAILABLE, errors.AnswerLost),
        (grpc.StatusCode.DEADLINE_EXCEEDED, errors.AnswerLost),
        (grpc.StatusCode.UNIMPLEMENTED, errors.NotOffered),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, errors.LimitReached),
        (grpc.StatusCode.INTERNAL, errors.NotASilaServer),
    ],
)
def test_failures_of_grpc(code: grpc.StatusCode, kind: type[Exception]) -> None:
    found = from_rpc(Failed(code), "RunController.StopRun")
    assert type(found) is kind
    assert "RunController.StopRun" in str(found)


@pytest.mark.parametrize(
    ("details", "kind"),
    [
        ("Stream removed (CLIENT: Received message larger than max (5242880 vs. 4194304))", errors.AnswerLost),
        ("Received message larger than max (5242880 vs. 4194304)", errors.AnswerLost),
        ("SERVER: Sent message larger than max (5242880 vs. 4194304)", errors.AnswerLost),
        ("SERVER: Received message larger than max (5242880 vs. 4194304)", errors.LimitReached),
        ("CLIENT: Sent message larger than max (5242880 vs. 4194304)", errors.LimitReached),
        ("limits.streams: 100 streams are open", errors.LimitReached),
    ],
)
def test_an_answer_that_is_too_large_says_nothing_about_the_command(details: str, kind: type[Exception]) -> None:
    """These are gRPC's own texts, of 1.85 and of older releases."""
    found = from_rpc(Failed(grpc.StatusCode.RESOURCE_EXHAUSTED, details), "RunController.StopRun")
    assert type(found) is kind
    assert details in str(found)


def test_all_errors_are_public_and_have_one_root() -> None:
    for module in pkgutil.iter_modules(importlib.import_module("sila_ot2.client").__path__):
        for value in vars(importlib.import_module(f"sila_ot2.client.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, errors.ClientError):
                assert getattr(errors, value.__name__) is value
                assert value.__name__ in errors.__all__
