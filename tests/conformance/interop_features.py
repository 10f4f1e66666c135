"""The test features of the public interoperability suite (org.silastandard/test), implemented on `sila_ot2.sila`.

Their definitions come with the suite. Nothing here is part of the product.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sila2_interop_communication_tester
from sila2.framework.data_types.any import SilaAnyType
from sila2.framework.data_types.date import SilaDateType

from sila_ot2.sila import Call, Execution, FeatureBinding, NotAccepted, ObservableProperty

DEFINITIONS = Path(sila2_interop_communication_tester.__file__).parent / "resources" / "fdl"
TEST = "org.silastandard/test"
MESSAGE = "SiLA2_test_error_message"
TZ = dt.timezone(dt.timedelta(hours=2))
DATE = SilaDateType(dt.date(2022, 8, 5), TZ)
TIME = dt.time(12, 34, 56, 789_000, tzinfo=TZ)
STAMP = dt.datetime(2022, 8, 5, 12, 34, 56, 789_000, tzinfo=TZ)


class UndefinedFault(Exception):
    """Public, but declared nowhere."""


class TestError(Exception):
    __test__ = False


class AuthenticationFailed(Exception):
    pass


class InvalidAccessToken(Exception):
    pass


def any_of(inner: str, value: object) -> SilaAnyType:
    return SilaAnyType(f'<DataType xmlns="http://www.sila-standard.org">{inner}</DataType>', value)


def basic(name: str, value: object) -> SilaAnyType:
    return any_of(f"<Basic>{name}</Basic>", value)


class AnyTypeTest:
    def SetAnyTypeValue(self, AnyTypeValue: SilaAnyType, *, call: Call) -> Any:
        responses = namedtuple("SetAnyTypeValueResponses", ["ReceivedAnyType", "ReceivedValue"])  # type: ignore[name-match]
        return responses(AnyTypeValue.type_xml, AnyTypeValue)

    def AnyTypeStringValue(self, *, call: Call) -> Any:
        return basic("String", "SiLA_Any_type_of_String_type")

    def AnyTypeIntegerValue(self, *, call: Call) -> Any:
        return basic("Integer", 5124)

    def AnyTypeRealValue(self, *, call: Call) -> Any:
        return basic("Real", 3.1415926)

    def AnyTypeBooleanValue(self, *, call: Call) -> Any:
        return basic("Boolean", True)

    def AnyTypeBinaryValue(self, *, call: Call) -> Any:
        return basic("Binary", b"SiLA_Any_type_of_Binary_type")

    def AnyTypeDateValue(self, *, call: Call) -> Any:
        return basic("Date", DATE)

    def AnyTypeTimeValue(self, *, call: Call) -> Any:
        return basic("Time", TIME)

    def AnyTypeTimestampValue(self, *, call: Call) -> Any:
        return basic("Timestamp", STAMP)

    def AnyTypeListValue(self, *, call: Call) -> Any:
        return any_of(
            "<List><DataType><Basic>String</Basic></DataType></List>", ["SiLA 2", "Any", "Type", "String", "List"]
        )

    def AnyTypeStructureValue(self, *, call: Call) -> Any:
        def element(kind: str, description: str) -> str:
            return (
                f"<Element><Identifier>{kind}TypeValue</Identifier><DisplayName>{kind} Type Value</DisplayName>"
                f"<Description>{description}</Description><DataType><Basic>{kind}</Basic></DataType></Element>"
            )

        elements = (
            element("String", "A string value.")
            + element("Integer", "An integer value.")
            + element("Date", "A date value.")
        )
        return any_of(f"<Structure>{elements}</Structure>", ("A String value", 83737665, DATE))


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


class BasicDataTypesTest:
    def EchoStringValue(self, StringValue: Any, *, call: Call) -> Any:
        return StringValue

    def EchoIntegerValue(self, IntegerValue: Any, *, call: Call) -> Any:
        return IntegerValue

    def EchoRealValue(self, RealValue: Any, *, call: Call) -> Any:
        return RealValue

    def EchoBooleanValue(self, BooleanValue: Any, *, call: Call) -> Any:
        return BooleanValue

    def EchoDateValue(self, DateValue: Any, *, call: Call) -> Any:
        return DateValue

    def EchoTimeValue(self, TimeValue: Any, *, call: Call) -> Any:
        return TimeValue

    def EchoTimestampValue(self, TimestampValue: Any, *, call: Call) -> Any:
        return TimestampValue

    def StringValue(self, *, call: Call) -> Any:
        return "SiLA2_Test_String_Value"

    def IntegerValue(self, *, call: Call) -> Any:
        return 5124

    def RealValue(self, *, call: Call) -> Any:
        return 3.1415926

    def BooleanValue(self, *, call: Call) -> Any:
        return True

    def DateValue(self, *, call: Call) -> Any:
        return DATE

    def TimeValue(self, *, call: Call) -> Any:
        return TIME

    def TimestampValue(self, *, call: Call) -> Any:
        return STAMP


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


def structure(n: int, text: str, binary: str, any_text: str, *, milliseconds: bool) -> tuple[object, ...]:
    """The test structure with its numbers raised by n."""
    micros = 789_000 if milliseconds else 0
    return (
        text,
        5124 + n,
        3.1415926 + n,
        n != 1,
        binary.encode(),
        SilaDateType(dt.date(2022 + n, 8 + n, 5 + n), TZ),
        dt.time(12 + n, 34 + n, 56 + n, micros, tzinfo=TZ),
        dt.datetime(2022 + n, 8 + n, 5 + n, 12 + n, 34 + n, 56 + n, micros, tzinfo=TZ),
        basic("String", any_text),
    )


class ListDataTypeTest:
    def EchoStringList(self, StringList: Any, *, call: Call) -> Any:
        return StringList

    def EchoIntegerList(self, IntegerList: Any, *, call: Call) -> Any:
        return IntegerList

    def EchoStructureList(self, StructureList: Any, *, call: Call) -> Any:
        return StructureList

    def EmptyStringList(self, *, call: Call) -> Any:
        return []

    def StringList(self, *, call: Call) -> Any:
        return ["SiLA 2", "is", "great"]

    def IntegerList(self, *, call: Call) -> Any:
        return [1, 2, 3]

    def StructureList(self, *, call: Call) -> Any:
        return [
            structure(
                n,
                f"SiLA2_Test_String_Value_{n + 1}",
                f"Binary_String_Value_{n + 1}",
                f"Any_Type_String_Value_{n + 1}",
                milliseconds=True,
            )
            for n in range(3)
        ]


class StructureDataTypeTest:
    def EchoStructureValue(self, StructureValue: Any, *, call: Call) -> Any:
        return StructureValue

    def EchoDeepStructureValue(self, DeepStructureValue: Any, *, call: Call) -> Any:
        return DeepStructureValue

    def StructureValue(self, *, call: Call) -> Any:
        return structure(
            0,
            "SiLA2_Test_String_Value",
            "SiLA2_Binary_String_Value",
            "SiLA2_Any_Type_String_Value",
            milliseconds=True,
        )

    def DeepStructureValue(self, *, call: Call) -> Any:
        return ("Outer_Test_String", 1111, ("Middle_Test_String", 2222, ("Inner_Test_String", 3333)))


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


class OneAtATime:
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
