"""Feature definitions for tests, in a few words."""

from __future__ import annotations


def names(identifier: str, description: str = "For tests.") -> str:
    return (
        f"<Identifier>{identifier}</Identifier><DisplayName>{identifier}</DisplayName>"
        f"<Description>{description}</Description>"
    )


def basic(kind: str) -> str:
    return f"<Basic>{kind}</Basic>"


def constrained(inner: str, constraints: str) -> str:
    return f"<Constrained><DataType>{inner}</DataType><Constraints>{constraints}</Constraints></Constrained>"


def list_of(inner: str) -> str:
    return f"<List><DataType>{inner}</DataType></List>"


def command(
    identifier: str,
    *,
    observable: bool = False,
    parameters: dict[str, str] | None = None,
    responses: dict[str, str] | None = None,
    intermediate: dict[str, str] | None = None,
    errors: tuple[str, ...] = (),
) -> str:
    def members(tag: str, types: dict[str, str] | None) -> str:
        return "".join(f"<{tag}>{names(i)}<DataType>{t}</DataType></{tag}>" for i, t in (types or {}).items())

    return (
        f"<Command>{names(identifier)}<Observable>{'Yes' if observable else 'No'}</Observable>"
        f"{members('Parameter', parameters)}{members('Response', responses)}"
        f"{members('IntermediateResponse', intermediate)}{_errors(errors)}</Command>"
    )


def prop(identifier: str, data_type: str, *, observable: bool = False, errors: tuple[str, ...] = ()) -> str:
    return (
        f"<Property>{names(identifier)}<Observable>{'Yes' if observable else 'No'}</Observable>"
        f"<DataType>{data_type}</DataType>{_errors(errors)}</Property>"
    )


def metadata(identifier: str, data_type: str, errors: tuple[str, ...] = ()) -> str:
    return f"<Metadata>{names(identifier)}<DataType>{data_type}</DataType>{_errors(errors)}</Metadata>"


def error(identifier: str) -> str:
    return f"<DefinedExecutionError>{names(identifier)}</DefinedExecutionError>"


def feature(identifier: str, *parts: str, version: str = "1.0", description: str = "For tests.") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8" ?><Feature SiLA2Version="1.0" FeatureVersion="{version}" '
        'Originator="io.github.silaot" Category="tests" xmlns="http://www.sila-standard.org" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.sila-standard.org '
        'https://gitlab.com/SiLA2/sila_base/raw/master/schema/FeatureDefinition.xsd">'
        f"{names(identifier, description)}{''.join(parts)}</Feature>"
    )


def _errors(identifiers: tuple[str, ...]) -> str:
    listed = "".join(f"<Identifier>{identifier}</Identifier>" for identifier in identifiers)
    return f"<DefinedExecutionErrors>{listed}</DefinedExecutionErrors>" if listed else ""


SMALL_DEVICE = feature(
    "SmallDevice",
    command("Echo", parameters={"Text": basic("String")}, responses={"Text": basic("String")}),
    command("Weigh", parameters={"Mass": basic("Real")}, responses={"Mass": basic("Real")}),
    command("Fail", parameters={"Text": basic("String")}, errors=("Broken",)),
    command("Hold"),
    command(
        "Count",
        parameters={"Values": constrained(list_of(basic("Integer")), "<MaximalElementCount>3</MaximalElementCount>")},
        responses={"Number": basic("Integer")},
    ),
    command("Store", parameters={"Content": basic("Binary")}, responses={"Size": basic("Integer")}),
    command("Fetch", parameters={"Size": basic("Integer")}, responses={"A": basic("Binary"), "B": basic("Binary")}),
    command(
        "Run",
        observable=True,
        parameters={"Seconds": basic("Real"), "Result": basic("String")},
        responses={"Result": basic("String")},
        intermediate={"Step": basic("Integer")},
        errors=("Broken", "CommandCancelled"),
    ),
    command("Produce", observable=True, parameters={"Size": basic("Integer")}, responses={"Content": basic("Binary")}),
    command("Stop"),
    prop("Level", constrained(basic("Integer"), "<MaximalInclusive>10</MaximalInclusive>"), observable=True),
    prop("Label", basic("String"), observable=True, errors=("Broken",)),
    prop("Serial", basic("String")),
    error("Broken"),
    error("CommandCancelled"),
)
SMALL_DEVICE_FEATURE = "io.github.silaot/tests/SmallDevice/v1"
