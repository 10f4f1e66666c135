"""Whatever the SiLA standard lets a client send: an answer that blames it, and no fault of the server's in its log.

Values are made from the data types of our features; a few are drawn from what the server knows, so that some get
further than the first check.
"""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree
from sila2.framework import SilaError, UndefinedExecutionError

from sila_ot2.client import errors
from sila_ot2.generated import definition
from tests.end_to_end.laboratory import QUICK, Laboratory, laboratory
from tests.end_to_end.test_protocols import JSON_PROTOCOL, PARAMETERS, TABLE, plate
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("sends anything that the standard allows, hundreds of times")

FEATURES = ("ProtocolService", "RunController", "AtomicLiquidHandling", "DeviceLighting")
TAKE_FILES = (
    ("ProtocolService", "UploadProtocol"), ("ProtocolService", "UploadDataFile"), ("RunController", "RunUploadedFile"),
    ("AtomicLiquidHandling", "DefineLabware"), ("AtomicLiquidHandling", "ExecuteWorklist"),
    ("AtomicLiquidHandling", "ExecuteRawCommand"),
)  # fmt: skip
ODD_TEXTS = (
    "", " ", "\0", "\n", "..", ".", "../../etc/passwd", "C:\\con", "a" * 200, "\ufeff", "\u202egnp.py", "😀", "\x1b[2J",
    "NaN", "-1", "1e999", "null", "{}", "%s%n{0}", "';--", "é" * 60 + ".py", "x.json", "x.zip", "x.csv", "1", "right",
)  # fmt: skip
ODD_NUMBERS = (0.0, -0.0, 1e-308, 1.7e308, -1.7e308, float("nan"), float("inf"), 0.1, 1.0, 300.0)
ODD_JSON = (
    b"", b"{", b"[]", b"{}", b"null", b"7", b'"x"', b"NaN", b"[NaN]", b"1e999", b"9" * 5000, b"\xef\xbb\xbf{}",
    b"[" * 60 + b"]" * 60, b"[" * 100_000, b'{"a":' * 2000, b'["\\ud800"]', b'{"\\udfff": 1}', b"\xff\xfe[\x00]\x00",
    b'[{"Command": "Home"}, {"Command": "Delay", "Duration": 1e300}]', b'[{"Command": "Home", "Mount": []}]',
    b'{"commandType": "home", "params": {"axes": ["x", null]}}', b'{"commandType": [], "params": {}}',
    b'{"commandType": "waitForDuration", "params": {"seconds": -1}}',
    b'{"commandType": "custom", "params": {"x": "\\u0000"}}', b'{"commandType": "comment", "params": {"message": ""}}',
    b'{"commandType": "loadPipette", "params": {"pipetteName": "", "mount": "left"}}',
    b'{"commandType": "moveRelative", "params": {"pipetteId": "\\u0000", "axis": "x", "distance": 1e308}}',
)  # fmt: skip
HEAD = b"metadata = {'apiLevel': '2.15'}\n"
ODD_PYTHON = (
    b"", b"\0", b"\xff", b"(" * 5000, b"-" * 5000 + b"1", b"run = 3\n", HEAD, HEAD + b"run = 3\n",
    b"\xef\xbb\xbf" + QUICK.encode(), b"# coding: latin-1\n" + QUICK.encode(), b"# coding: nonsense\n" + QUICK.encode(),
    HEAD[:-2] + b", 'protocolName': '\\ud800'}\ndef run(p): pass\n",
    HEAD[:-2] + b", 'protocolName': {}}\ndef run(p): pass\n",
    HEAD[:-2] + b", 'author': 'x' * 9}\ndef run(p): pass\n",
    HEAD.replace(b"'2.15'", b"2.15") + b"def run(p): pass\n",
    HEAD.replace(b"2.15", b"2.15.1") + b"def run(p): pass\n",
    HEAD.replace(b"2.15", b"9" * 5000 + b".1") + b"def run(p): pass\n",
    HEAD + b"def run(p): p.comment('\\ud800')\n", HEAD + b"def run(p): raise ValueError('\\ud800')\n",
    HEAD + b"def run(p, q): pass\n", HEAD + b"import nonsense\ndef run(p): pass\n",
    b"requirements = {'robotType': 7}\n", QUICK.encode(), TABLE.encode(), PARAMETERS.encode(),
)  # fmt: skip


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


WHOLE_FILES = (
    zipped(**{"main.py": QUICK.encode(), "../evil.csv": b"1"}),
    zipped(**{"a/plate.json": plate(), "main.py": QUICK.encode()}),
    plate(), json.dumps(JSON_PROTOCOL).encode(), "A1;1,5\r\nB1;µ\r\n".encode("cp1252"), b"a,b\n1,2\n",
    b"Command\nHome\n", b'Command,Mount\n"Home', b"Command,Command\n", b"\xef\xbb\xbfCommand\r\nDelay\r\n",
    b"PK\x03\x04", b"PK\x05\x06" + bytes(18),
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A file of which some bytes are others, are missing, or are there twice."""
    content = bytearray(draw(st.sampled_from([file for file in WHOLE_FILES if len(file) > 30])))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content) - 1))
        end = draw(st.integers(at, min(len(content), at + 20)))
        content[at:end] = draw(st.binary(max_size=20) | st.just(bytes(content[at:end]) * 2))
    return bytes(content)


binaries = st.sampled_from([*ODD_JSON, *ODD_PYTHON, *WHOLE_FILES]) | damaged() | st.binary(max_size=60)


def _child(node: etree._Element, name: str) -> etree._Element:
    found = node.find(name)
    assert found is not None
    return found


class Values:
    """Strategies for the values of data types, from their XML."""

    def __init__(self, feature: etree._Element, known: Callable[[], list[str]]) -> None:
        self._types = {
            str(node.findtext("{*}Identifier")): _child(node, "{*}DataType")
            for node in feature.iterfind("{*}DataTypeDefinition")
        }
        self._known = known

    def of(self, data_type: etree._Element) -> st.SearchStrategy[Any]:
        inner = data_type[0]
        kind = etree.QName(inner).localname
        if kind == "DataTypeIdentifier":
            return self.of(self._types[str(inner.text)])
        if kind == "List":
            return st.lists(self.of(_child(inner, "{*}DataType")), max_size=3)
        if kind == "Structure":
            return st.tuples(*(self.of(_child(element, "{*}DataType")) for element in inner.iterfind("{*}Element")))
        if kind == "Constrained":
            return self._constrained(inner)
        return {
            "String": st.sampled_from(ODD_TEXTS) | st.text(max_size=20),
            "Integer": st.sampled_from([0, 1, -1, 2**63 - 1, -(2**63)]) | st.integers(-5, 5),
            "Real": st.sampled_from(ODD_NUMBERS) | st.floats(),
            "Boolean": st.booleans(),
            "Binary": binaries,
        }[str(inner.text)]

    def _constrained(self, inner: etree._Element) -> st.SearchStrategy[Any]:
        base = _child(inner, "{*}DataType")
        limits = {etree.QName(node).localname: node for node in _child(inner, "{*}Constraints")}
        if "Set" in limits:
            return st.sampled_from([str(value.text) for value in limits["Set"]])
        if "Pattern" in limits:
            made = st.from_regex(str(limits["Pattern"].text), fullmatch=True, alphabet=st.characters(max_codepoint=127))
            return st.deferred(lambda: st.sampled_from(self._known())) | made if "-[0-9a-f" in str(
                limits["Pattern"].text) else made  # fmt: skip
        values = self.of(base)
        if base[0].text == "Integer":
            return st.integers(*(int(str(limits[name].text)) if name in limits else None
                                 for name in ("MinimalInclusive", "MaximalInclusive")))  # fmt: skip
        if base[0].text == "Real":
            low, high = (float(str(limits[name].text)) if name in limits else None
                         for name in ("MinimalInclusive", "MaximalInclusive"))  # fmt: skip
            edges = [edge for edge in (low, high) if edge is not None]
            near = [number for number in (0.0, 5e-324, 1e-300, 1e-9, 1.0) if low is None or number >= low]
            return st.sampled_from([*edges, *near]) | st.floats(low, high)
        if "MinimalLength" in limits or "MaximalLength" in limits:
            shortest, longest = (int(str(limits[name].text)) if name in limits else default
                                 for name, default in (("MinimalLength", 0), ("MaximalLength", 1000)))  # fmt: skip
            return values.filter(lambda text: shortest <= len(text) <= longest)
        return values


@st.composite
def calls(draw: st.DrawFn, known: Callable[[], list[str]]) -> tuple[str, str, list[Any]]:
    """A command of one of our features, with parameters."""
    commands = {name: etree.fromstring(definition(name).encode()) for name in FEATURES}
    every = [(name, str(node.text)) for name, feature in commands.items()
             for node in feature.iterfind("{*}Command/{*}Identifier")]  # fmt: skip
    name, identifier = draw(st.sampled_from(TAKE_FILES) | st.sampled_from(every))
    command = next(
        node for node in commands[name].iterfind("{*}Command") if node.findtext("{*}Identifier") == identifier
    )
    values = Values(commands[name], known)
    return name, identifier, [draw(values.of(_child(node, "{*}DataType"))) for node in command.iterfind("{*}Parameter")]


def carry_out(lab: Laboratory, feature: str, command: str, parameters: list[Any]) -> None:
    begun = getattr(getattr(lab.generic, feature), command)(*parameters)
    if hasattr(begun, "execution_uuid"):
        if not begun.done:
            try:
                wait_for(lambda: begun.done, timeout_s=2)
            except AssertionError:
                lab.client.cancel_controller.cancel_command(str(begun.execution_uuid))
        wait_for(lambda: begun.done, lambda: f"{command} goes on")
        begun.get_responses()


@pytest.fixture
def lab(simulator: SimulatorProcess, tmp_path: Path) -> Iterator[Laboratory]:
    """A server that allows everything."""
    simulator.control("speed", speed=1000)
    with laboratory(simulator.url, tmp_path, session={"allow_raw_commands": True}) as lab:
        yield lab


def test_any_call_is_answered_and_leaves_no_fault_in_the_log(lab: Laboratory, caplog: pytest.LogCaptureFixture) -> None:
    known = [*map(lab.upload, (QUICK, TABLE, PARAMETERS))]
    known.append(lab.protocols.upload_data_file("t.csv", b"1\n"))

    # Without shrinking: the robot is another one after each call.
    @settings(max_examples=100, phases=[Phase.generate])
    @given(call=calls(lambda: known))
    def one(call: tuple[str, str, list[Any]]) -> None:
        with answered(lab, caplog, call):
            carry_out(lab, *call)

    one()


@pytest.mark.parametrize("name", ["p.py", "p.json", "p.zip"])
def test_any_file_is_taken_or_refused(lab: Laboratory, caplog: pytest.LogCaptureFixture, name: str) -> None:
    for content in (*ODD_PYTHON, *ODD_JSON, *WHOLE_FILES):
        with answered(lab, caplog, content):
            lab.analyze(lab.upload(content, name))


@contextmanager
def answered(lab: Laboratory, caplog: pytest.LogCaptureFixture, what: object) -> Iterator[None]:
    """Fail if the block ends with an error that is not declared, or leaves a fault in the log or in a property."""
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        try:
            yield
        except (UndefinedExecutionError, errors.UndefinedExecutionError) as error:
            raise AssertionError(f"{what}: {error}") from error
        except (SilaError, errors.SilaError):
            pass
    faults = [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]
    assert not faults, what
    lab.protocols.protocols.get()
    lab.protocols.data_files.get()
    lab.client.atomic_liquid_handling.loaded_labware.get()
