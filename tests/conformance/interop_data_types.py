"""The features of SiLA's interoperability suite that are about data types."""

from __future__ import annotations

import datetime as dt
from collections import namedtuple
from typing import Any

from sila2.framework.data_types.any import SilaAnyType
from sila2.framework.data_types.date import SilaDateType

from sila_ot2.sila import Call

MESSAGE = "SiLA2_test_error_message"
TZ = dt.timezone(dt.timedelta(hours=2))
DATE = SilaDateType(dt.date(2022, 8, 5), TZ)
TIME = dt.time(12, 34, 56, 789_000, tzinfo=TZ)
STAMP = dt.datetime(2022, 8, 5, 12, 34, 56, 789_000, tzinfo=TZ)


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
