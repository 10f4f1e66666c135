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
    def SetAnyTypeValue(self, AnyTypeValue: SilaAnyType, *, call: Call):
        responses = namedtuple("SetAnyTypeValueResponses", ["ReceivedAnyType", "ReceivedValue"])
        return responses(AnyTypeValue.type_xml, AnyTypeValue)

    def AnyTypeStringValue(self, *, call: Call):
        return basic("String", "SiLA_Any_type_of_String_type")

    def AnyTypeIntegerValue(self, *, call: Call):
        return basic("Integer", 5124)

    def AnyTypeRealValue(self, *, call: Call):
        return basic("Real", 3.1415926)

    def AnyTypeBooleanValue(self, *, call: Call):
        return basic("Boolean", True)

    def AnyTypeBinaryValue(self, *, call: Call):
        return basic("Binary", b"SiLA_Any_type_of_Binary_type")

    def AnyTypeDateValue(self, *, call: Call):
        return basic("Date", DATE)

    def AnyTypeTimeValue(self, *, call: Call):
        return basic("Time", TIME)

    def AnyTypeTimestampValue(self, *, call: Call):
        return basic("Timestamp", STAMP)

    def AnyTypeListValue(self, *, call: Call):
        return any_of(
            "<List><DataType><Basic>String</Basic></DataType></List>", ["SiLA 2", "Any", "Type", "String", "List"]
        )

    def AnyTypeStructureValue(self, *, call: Call):
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

    def Login(self, UserIdentification, Password, RequestedServer, RequestedFeatures, *, call: Call):
        wanted = (UserIdentification, Password, RequestedServer, RequestedFeatures)
        if wanted != ("test", "test", str(self._server_uuid), [f"{TEST}/AuthenticationTest/v1"]):
            raise AuthenticationFailed("These credentials are not valid for what is requested")
        token = str(uuid.uuid4())
        self._tokens.add(token)
        return namedtuple("LoginResponses", ["AccessToken", "TokenLifetime"])(token, 600)

    def Logout(self, AccessToken, *, call: Call):
        if AccessToken not in self._tokens:
            raise InvalidAccessToken("The access token is not valid")
        self._tokens.remove(AccessToken)

    def admit(self, call: Call):
        if call.feature == f"{TEST}/AuthenticationTest/v1" and call.metadata[self.ACCESS_TOKEN] not in self._tokens:
            raise InvalidAccessToken("The access token is not valid")


class AuthorizationService:
    def calls_affected_by_AccessToken(self):
        return [f"{TEST}/AuthenticationTest/v1"]


class AuthenticationTest:
    def RequiresToken(self, *, call: Call):
        pass

    def RequiresTokenForBinaryUpload(self, BinaryToUpload, *, call: Call):
        pass


class BasicDataTypesTest:
    def EchoStringValue(self, StringValue, *, call: Call):
        return StringValue

    def EchoIntegerValue(self, IntegerValue, *, call: Call):
        return IntegerValue

    def EchoRealValue(self, RealValue, *, call: Call):
        return RealValue

    def EchoBooleanValue(self, BooleanValue, *, call: Call):
        return BooleanValue

    def EchoDateValue(self, DateValue, *, call: Call):
        return DateValue

    def EchoTimeValue(self, TimeValue, *, call: Call):
        return TimeValue

    def EchoTimestampValue(self, TimestampValue, *, call: Call):
        return TimestampValue

    def StringValue(self, *, call: Call):
        return "SiLA2_Test_String_Value"

    def IntegerValue(self, *, call: Call):
        return 5124

    def RealValue(self, *, call: Call):
        return 3.1415926

    def BooleanValue(self, *, call: Call):
        return True

    def DateValue(self, *, call: Call):
        return DATE

    def TimeValue(self, *, call: Call):
        return TIME

    def TimestampValue(self, *, call: Call):
        return STAMP


class BinaryTransferTest:
    STRING = f"{TEST}/BinaryTransferTest/v1/Metadata/String"

    def calls_affected_by_String(self):
        return [f"{TEST}/BinaryTransferTest/v1/Command/EchoBinaryAndMetadataString"]

    def EchoBinaryValue(self, BinaryValue, *, call: Call):
        return BinaryValue

    def EchoBinariesObservably(self, Binaries, *, execution: Execution):
        for binary in Binaries:
            execution.send_intermediate(binary)
            execution.cancelled.wait(1.0)
        return b"".join(Binaries)

    def EchoBinaryAndMetadataString(self, Binary, *, call: Call):
        return namedtuple("Responses", ["Binary", "StringMetadata"])(Binary, call.metadata[self.STRING])

    def BinaryValueDirectly(self, *, call: Call):
        return b"SiLA2_Test_String_Value"

    def BinaryValueDownload(self, *, call: Call):
        return b"A_slightly_longer_SiLA2_Test_String_Value_used_to_demonstrate_the_binary_download" * 100_000


class ErrorHandlingTest:
    def RaiseDefinedExecutionError(self, *, call: Call):
        raise TestError(MESSAGE)

    def RaiseDefinedExecutionErrorObservably(self, *, execution: Execution):
        raise TestError(MESSAGE)

    def RaiseUndefinedExecutionError(self, *, call: Call):
        raise UndefinedFault(MESSAGE)

    def RaiseUndefinedExecutionErrorObservably(self, *, execution: Execution):
        raise UndefinedFault(MESSAGE)

    def RaiseDefinedExecutionErrorOnGet(self, *, call: Call):
        raise TestError(MESSAGE)

    def RaiseUndefinedExecutionErrorOnGet(self, *, call: Call):
        raise UndefinedFault(MESSAGE)

    def RaiseDefinedExecutionErrorOnSubscribe(self, *, call: Call):
        raise TestError(MESSAGE)

    def RaiseUndefinedExecutionErrorOnSubscribe(self, *, call: Call):
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
    def EchoStringList(self, StringList, *, call: Call):
        return StringList

    def EchoIntegerList(self, IntegerList, *, call: Call):
        return IntegerList

    def EchoStructureList(self, StructureList, *, call: Call):
        return StructureList

    def EmptyStringList(self, *, call: Call):
        return []

    def StringList(self, *, call: Call):
        return ["SiLA 2", "is", "great"]

    def IntegerList(self, *, call: Call):
        return [1, 2, 3]

    def StructureList(self, *, call: Call):
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
    def EchoStructureValue(self, StructureValue, *, call: Call):
        return StructureValue

    def EchoDeepStructureValue(self, DeepStructureValue, *, call: Call):
        return DeepStructureValue

    def StructureValue(self, *, call: Call):
        return structure(
            0,
            "SiLA2_Test_String_Value",
            "SiLA2_Binary_String_Value",
            "SiLA2_Any_Type_String_Value",
            milliseconds=True,
        )

    def DeepStructureValue(self, *, call: Call):
        return ("Outer_Test_String", 1111, ("Middle_Test_String", 2222, ("Inner_Test_String", 3333)))


class MetadataProvider:
    STRING = f"{TEST}/MetadataProvider/v1/Metadata/StringMetadata"
    TWO_INTEGERS = f"{TEST}/MetadataProvider/v1/Metadata/TwoIntegersMetadata"

    def calls_affected_by_StringMetadata(self):
        return [f"{TEST}/MetadataConsumerTest/v1"]

    def calls_affected_by_TwoIntegersMetadata(self):
        return [f"{TEST}/MetadataConsumerTest/v1/Command/UnpackMetadata"]


class MetadataConsumerTest:
    def EchoStringMetadata(self, *, call: Call):
        return call.metadata[MetadataProvider.STRING]

    def UnpackMetadata(self, *, call: Call):
        responses = namedtuple("R", ["ReceivedString", "FirstReceivedInteger", "SecondReceivedInteger"])
        return responses(call.metadata[MetadataProvider.STRING], *call.metadata[MetadataProvider.TWO_INTEGERS])

    def ReceivedStringMetadata(self, *, call: Call):
        return call.metadata[MetadataProvider.STRING]

    def ReceivedStringMetadataAsCharacters(self, *, call: Call) -> Iterator[str]:
        yield from call.metadata[MetadataProvider.STRING]


class MultiClientTest:
    def __init__(self) -> None:
        self._queue = threading.Lock()

    def RunInParallel(self, Duration, *, execution: Execution):
        execution.cancelled.wait(Duration)

    def RunQueued(self, Duration, *, execution: Execution):
        with execution.waiting():
            self._queue.acquire()
        try:
            execution.cancelled.wait(Duration)
        finally:
            self._queue.release()

    def RejectParallelExecution(self, Duration, *, execution: Execution):
        execution.cancelled.wait(Duration)


class OneAtATime:
    """Admission: of one command there is never more than one execution."""

    def __init__(self, identifier: str) -> None:
        self._identifier = identifier
        self._held = threading.Lock()

    def admit(self, call: Call):
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
    def Count(self, N, Delay, *, execution: Execution):
        for i in range(N):
            execution.send_intermediate(i)
            execution.report(progress=i / N, remaining_s=(N - i) * Delay)
            execution.cancelled.wait(Delay)
        return N - 1

    def EchoValueAfterDelay(self, Value, Delay, *, execution: Execution):
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

    def SetValue(self, Value, *, call: Call):
        self.Editable.set(Value)


class UnobservableCommandTest:
    def CommandWithoutParametersAndResponses(self, *, call: Call):
        pass

    def ConvertIntegerToString(self, Integer, *, call: Call):
        return str(Integer)

    def JoinIntegerAndString(self, Integer, String, *, call: Call):
        return f"{Integer}{String}"

    def SplitStringAfterFirstCharacter(self, String, *, call: Call):
        return namedtuple("Responses", ["FirstCharacter", "Remainder"])(String[:1], String[1:])


class UnobservablePropertyTest:
    def AnswerToEverything(self, *, call: Call):
        return 42

    def SecondsSince1970(self, *, call: Call):
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
