"""The test features of the public interoperability suite (org.silastandard/test), implemented on `sila_ot2.sila`.

Their definitions come with the suite. Nothing here is part of the product.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sila2_interop_communication_tester

from sila_ot2.sila import Call, Execution, FeatureBinding, NotAccepted, ObservableProperty
from tests.conformance.interop_data_types import (
    MESSAGE,
    AnyTypeTest,
    BasicDataTypesTest,
    ListDataTypeTest,
    StructureDataTypeTest,
)

DEFINITIONS = Path(sila2_interop_communication_tester.__file__).parent / "resources" / "fdl"
TEST = "org.silastandard/test"


class UndefinedFault(Exception):
    """Public, but declared nowhere."""


class TestError(Exception):
    __test__ = False


class AuthenticationFailed(Exception):
    pass


class InvalidAccessToken(Exception):
    pass


class AuthenticationService:
    """Logs in user and password "test", for the feature AuthenticationTest only; also admits calls by their tokens."""

    ACCESS_TOKEN = "org.silastandard/core/AuthorizationService/v1/Metadata/AccessToken"

    def __init__(self, server_uuid: uuid.UUID) -> None:
        self._server_uuid = server_uuid
        self._tokens: set[str] = set()

    def Login(
        self, UserIdentification: Any, Password: Any, RequestedServer: Any, RequestedFeatures: Any, *, call: Call
    ) -> Any:
        wanted = (UserIdentification, Password, RequestedServer, RequestedFeatures)
        if wanted != ("test", "test", str(self._server_uuid), [f"{TEST}/AuthenticationTest/v1"]):
            raise AuthenticationFailed("These credentials are not valid for what is requested")
        token = str(uuid.uuid4())
        self._tokens.add(token)
        return namedtuple("LoginResponses", ["AccessToken", "TokenLifetime"])(token, 600)  # type: ignore[call-arg]

    def Logout(self, AccessToken: Any, *, call: Call) -> None:
        if AccessToken not in self._tokens:
            raise InvalidAccessToken("The access token is not valid")
        self._tokens.remove(AccessToken)

    def admit(self, call: Call) -> None:
        if call.feature == f"{TEST}/AuthenticationTest/v1" and call.metadata[self.ACCESS_TOKEN] not in self._tokens:
            raise InvalidAccessToken("The access token is not valid")


class AuthorizationService:
    def calls_affected_by_AccessToken(self) -> Any:
        return [f"{TEST}/AuthenticationTest/v1"]


class AuthenticationTest:
    def RequiresToken(self, *, call: Call) -> None:
        pass

    def RequiresTokenForBinaryUpload(self, BinaryToUpload: Any, *, call: Call) -> None:
        pass


class BinaryTransferTest:
    STRING = f"{TEST}/BinaryTransferTest/v1/Metadata/String"

    def calls_affected_by_String(self) -> Any:
        return [f"{TEST}/BinaryTransferTest/v1/Command/EchoBinaryAndMetadataString"]

    def EchoBinaryValue(self, BinaryValue: Any, *, call: Call) -> Any:
        return BinaryValue

    def EchoBinariesObservably(self, Binaries: Any, *, execution: Execution) -> Any:
        for binary in Binaries:
            execution.send_intermediate(binary)
            execution.cancelled.wait(1.0)
        return b"".join(Binaries)

    def EchoBinaryAndMetadataString(self, Binary: Any, *, call: Call) -> Any:
        return namedtuple("Responses", ["Binary", "StringMetadata"])(Binary, call.metadata[self.STRING])  # type: ignore[call-arg]

    def BinaryValueDirectly(self, *, call: Call) -> Any:
        return b"SiLA2_Test_String_Value"

    def BinaryValueDownload(self, *, call: Call) -> Any:
        return b"A_slightly_longer_SiLA2_Test_String_Value_used_to_demonstrate_the_binary_download" * 100_000


class ErrorHandlingTest:
    def RaiseDefinedExecutionError(self, *, call: Call) -> None:
        raise TestError(MESSAGE)

    def RaiseDefinedExecutionErrorObservably(self, *, execution: Execution) -> None:
        raise TestError(MESSAGE)

    def RaiseUndefinedExecutionError(self, *, call: Call) -> None:
        raise UndefinedFault(MESSAGE)

    def RaiseUndefinedExecutionErrorObservably(self, *, execution: Execution) -> None:
        raise UndefinedFault(MESSAGE)

    def RaiseDefinedExecutionErrorOnGet(self, *, call: Call) -> None:
        raise TestError(MESSAGE)

    def RaiseUndefinedExecutionErrorOnGet(self, *, call: Call) -> None:
        raise UndefinedFault(MESSAGE)

    def RaiseDefinedExecutionErrorOnSubscribe(self, *, call: Call) -> None:
        raise TestError(MESSAGE)

    def RaiseUndefinedExecutionErrorOnSubscribe(self, *, call: Call) -> None:
        raise UndefinedFault(MESSAGE)

    def RaiseDefinedExecutionErrorAfterValueWasSent(self, *, call: Call) -> Iterator[int]:
        yield 1
        raise TestError(MESSAGE)

    def RaiseUndefinedExecutionErrorAfterValueWasSent(self, *, call: Call) -> Iterator[int]:
        yield 1
        raise UndefinedFault(MESSAGE)


class MetadataProvider:
    STRING = f"{TEST}/MetadataProvider/v1/Metadata/StringMetadata"
    TWO_INTEGERS = f"{TEST}/MetadataProvider/v1/Metadata/TwoIntegersMetadata"

    def calls_affected_by_StringMetadata(self) -> Any:
        return [f"{TEST}/MetadataConsumerTest/v1"]

    def calls_affected_by_TwoIntegersMetadata(self) -> Any:
        return [f"{TEST}/MetadataConsumerTest/v1/Command/UnpackMetadata"]


class MetadataConsumerTest:
    def EchoStringMetadata(self, *, call: Call) -> Any:
        return call.metadata[MetadataProvider.STRING]

    def UnpackMetadata(self, *, call: Call) -> Any:
        responses = namedtuple("R", ["ReceivedString", "FirstReceivedInteger", "SecondReceivedInteger"])  # type: ignore[name-match]
        return responses(call.metadata[MetadataProvider.STRING], *call.metadata[MetadataProvider.TWO_INTEGERS])

    def ReceivedStringMetadata(self, *, call: Call) -> Any:
        return call.metadata[MetadataProvider.STRING]

    def ReceivedStringMetadataAsCharacters(self, *, call: Call) -> Iterator[str]:
        yield from call.metadata[MetadataProvider.STRING]


class MultiClientTest:
    def __init__(self) -> None:
        self._queue = threading.Lock()

    def RunInParallel(self, Duration: Any, *, execution: Execution) -> None:
        execution.cancelled.wait(Duration)

    def RunQueued(self, Duration: Any, *, execution: Execution) -> None:
        with execution.waiting():
            self._queue.acquire()
        try:
            execution.cancelled.wait(Duration)
        finally:
            self._queue.release()

    def RejectParallelExecution(self, Duration: Any, *, execution: Execution) -> None:
        execution.cancelled.wait(Duration)


class OneExecutionAtATime:
    """Admission: of one command there is never more than one execution."""

    def __init__(self, identifier: str) -> None:
        self._identifier = identifier
        self._held = threading.Lock()

    def admit(self, call: Call) -> Any:
        if call.identifier != self._identifier:
            return None
        if not self._held.acquire(blocking=False):
            raise NotAccepted("Another execution is running")
        return _Once(self._held)


class _Once:
    def __init__(self, held: threading.Lock) -> None:
        self._held: threading.Lock | None = held

    def bind(self, execution_uuid: uuid.UUID) -> None:
        pass

    def release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()


class ObservableCommandTest:
    def Count(self, N: Any, Delay: Any, *, execution: Execution) -> Any:
        for i in range(N):
            execution.send_intermediate(i)
            execution.report(progress=i / N, remaining_s=(N - i) * Delay)
            execution.cancelled.wait(Delay)
        return N - 1

    def EchoValueAfterDelay(self, Value: Any, Delay: Any, *, execution: Execution) -> Any:
        with execution.waiting():
            execution.cancelled.wait(Delay)
        return Value


class ObservablePropertyTest:
    def __init__(self) -> None:
        self.FixedValue = ObservableProperty(42)
        self.Alternating = ObservableProperty(False)
        self.Editable = ObservableProperty(0)
        threading.Thread(target=self._alternate, daemon=True).start()

    def _alternate(self) -> None:
        while True:
            time.sleep(1.0)
            self.Alternating.set(not self.Alternating.value)

    def SetValue(self, Value: Any, *, call: Call) -> None:
        self.Editable.set(Value)


class UnobservableCommandTest:
    def CommandWithoutParametersAndResponses(self, *, call: Call) -> None:
        pass

    def ConvertIntegerToString(self, Integer: Any, *, call: Call) -> Any:
        return str(Integer)

    def JoinIntegerAndString(self, Integer: Any, String: Any, *, call: Call) -> Any:
        return f"{Integer}{String}"

    def SplitStringAfterFirstCharacter(self, String: Any, *, call: Call) -> Any:
        return namedtuple("Responses", ["FirstCharacter", "Remainder"])(String[:1], String[1:])  # type: ignore[call-arg]


class UnobservablePropertyTest:
    def AnswerToEverything(self, *, call: Call) -> Any:
        return 42

    def SecondsSince1970(self, *, call: Call) -> Any:
        return int(time.time())


def bindings(authentication: AuthenticationService) -> list[FeatureBinding]:
    implementations = [
        authentication,
        AuthorizationService(),
        AnyTypeTest(),
        AuthenticationTest(),
        BasicDataTypesTest(),
        BinaryTransferTest(),
        ErrorHandlingTest(),
        ListDataTypeTest(),
        MetadataConsumerTest(),
        MetadataProvider(),
        MultiClientTest(),
        ObservableCommandTest(),
        ObservablePropertyTest(),
        StructureDataTypeTest(),
        UnobservableCommandTest(),
        UnobservablePropertyTest(),
    ]
    return [
        FeatureBinding((DEFINITIONS / f"{type(i).__name__}.sila.xml").read_text(encoding="utf-8"), i)
        for i in implementations
    ]
