"""Rules for our own source that no tool checks."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 400
MOST_COLLABORATORS = 8
SLEEPERS = {
    "tests/waiting.py": "waits for a condition, for all tests",
    "tests/clients/with_eos_calls.py": "a client program, which polls as the library's users do",
    "tests/clients/with_lara.py": "a client program, which polls as the library's users do",
    "tests/clients/with_sila2.py": "a client program, which polls as the library's users do",
    "tests/conformance/bare_device.py": "a command that ignores a cancel",
    "tests/conformance/interop_features.py": "the interoperability suite wants a command that lasts a second",
    "tests/end_to_end/random_runs.py": "a random pause between random events",
}
"""Test modules that may sleep, and why."""
CLOCKS = ("monotonic", "perf_counter", "process_time", "thread_time", "time")
CLOCK_READERS = {
    "tests/waiting.py": "gives up after some minutes, for all tests",
    "tests/proxy.py": "gives up after half a minute; notes when requests came, for scripts/bench",
    "tests/streams.py": "notes when messages came, for scripts/bench",
    "tests/fakes/replay/protocols.py": "a robot whose analyses take a moment",
    "tests/fakes/replay/runs.py": "a robot whose runs take a moment",
    "tests/fakes/replay/sessions.py": "a robot whose sessions take a moment",
    "tests/clients/with_eos_calls.py": "prints whether the protocol lasted longer than the lock, as it is made to",
    "tests/clients/with_lara.py": "prints a figure that no test reads",
    "tests/clients/with_madsci.py": "prints a figure that no test reads",
    "tests/conformance/interop_features.py": "the interoperability suite wants the time of day",
    "tests/unit/driver/test_hostile_files.py": "counts by the processor time of its own thread",
    "tests/unit/sila/execution/test_executions.py": "sets when something expires",
    "tests/unit/sila/rpc/test_senders.py": "sets the clock of the module under test",
    "tests/unit/store/test_operator_requests.py": "sets the age of a file",
}
"""Test modules that may read a clock, and why."""
VALUES = frozenset(
    {"Any", "Collection", "Iterable", "Literal", "Mapping", "Path", "Sequence", "UUID", "bool", "bytes", "date"}
    | {"datetime", "dict", "float", "frozenset", "int", "list", "set", "str", "timedelta", "tuple"}
)
"""Types of settings; whatever is of another type and no record is a part that does something."""


def _sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if "generated" not in path.parts)


def _uses_time(source: str, functions: Collection[str]) -> bool:
    """Whether a program uses any of these functions of the module `time`, under whatever name it is imported."""
    if not re.search(rf"\btime\.({'|'.join(functions)})\b|\bfrom time import\b", source):
        return False  # most of them, which need not be parsed
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
        if alias.name in functions
    }
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in functions
        and ast.unparse(node.value) == "time"
        or isinstance(node, ast.Name)
        and node.id in names
        for node in ast.walk(tree)
    )


def test_no_module_is_longer_than_a_reader_keeps_in_mind() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in _sources("sila_ot2", "scripts", "tests")}
    assert len(lengths) > MOST_LINES, "the modules are found"
    assert {str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_class_is_given_more_parts_than_a_reader_keeps_in_mind() -> None:
    given = {
        f"{path.relative_to(ROOT)}: {kind.name}": _collaborators(kind)
        for path in _sources("sila_ot2/driver", "sila_ot2/implementations")
        for kind in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(kind, ast.ClassDef)
    }
    assert max(map(len, given.values())) == MOST_COLLABORATORS, "they are found"
    assert {name: parts for name, parts in given.items() if len(parts) > MOST_COLLABORATORS} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "class A:\n def __init__(self, robot: Robot, at: float, names: tuple[str, ...], *, stop: Stop | None): ...",
            2,
        ),
        ("class A:\n def __init__(self, ask: Callable[[], str], limits: Limits, classes: LiquidClasses): ...", 1),
        ("@dataclass\nclass A:\n robot: Robot\n name: str", 1),
        ("class A:\n def act(self, robot: Robot): ...", 0),
    ],
)
def test_parts_are_distinguished_from_settings(source: str, found: int) -> None:
    [kind] = ast.parse(source).body
    assert isinstance(kind, ast.ClassDef)
    assert len(_collaborators(kind)) == found


def _collaborators(kind: ast.ClassDef) -> list[str]:
    """What a class is given that does something: no text, number or time, and no record of such."""
    made = next((one for one in kind.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    if made is not None:
        given = [(one.arg, one.annotation) for one in (*made.args.args[1:], *made.args.kwonlyargs)]
    elif any("dataclass" in ast.unparse(one) for one in kind.decorator_list):
        given = [(ast.unparse(one.target), one.annotation) for one in kind.body if isinstance(one, ast.AnnAssign)]
    else:
        return []
    return [name for name, annotation in given if annotation and not _names(annotation) <= VALUES | _records()]


def _names(annotation: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)} | {
        node.attr for node in ast.walk(annotation) if isinstance(node, ast.Attribute)
    }


@cache
def _records() -> frozenset[str]:
    """The classes of our own that only hold values."""
    return frozenset(
        kind.name
        for path in _sources("sila_ot2")
        for kind in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(kind, ast.ClassDef)
        and (
            any("frozen=True" in ast.unparse(one) for one in kind.decorator_list)
            or {"NamedTuple", "Enum", "BaseModel", "Record"} & {ast.unparse(base) for base in kind.bases}
        )
    )


def test_whoever_wants_to_know_subscribes() -> None:
    """No class keeps a list of functions of its own."""
    kept = re.compile(r"list\[Callable\[|\.append\(on_")
    folders = (f"sila_ot2/{name}" for name in ("driver", "store", "robot", "implementations", "central"))
    sources = _sources(*folders)
    assert [str(path.relative_to(ROOT)) for path in sources if kept.search(path.read_text("utf-8"))] == []


def test_rows_of_csv_are_separated_by_the_module_csv() -> None:
    """`splitlines` also breaks cells at U+2028 and form feeds, and takes the newlines out of them."""
    split = re.compile(r"csv\.\w*reader\([^\n]*splitlines", re.IGNORECASE)
    sources = _sources("sila_ot2", "scripts", "tests")
    assert [str(path.relative_to(ROOT)) for path in sources if split.search(path.read_text("utf-8"))] == []


def test_digits_become_numbers_in_one_place() -> None:
    """`int` refuses `²` and some thousand digits, which `str.isdigit` takes; `read_whole_number` decides both."""
    asked = re.compile(r"\.is(?:digit|decimal|numeric)\(")
    assert asked.search("if version.isdecimal():")
    places = _sources("sila_ot2/driver", "sila_ot2/robot", "sila_ot2/store", "sila_ot2/implementations")
    assert [str(path.relative_to(ROOT)) for path in places if asked.search(path.read_text("utf-8"))] == []


def test_tests_wait_for_conditions_and_do_not_sleep() -> None:
    assert _users_of_time(["sleep"]) == set(SLEEPERS)


def test_tests_do_not_measure_time() -> None:
    assert _users_of_time(CLOCKS) == set(CLOCK_READERS)


def _users_of_time(functions: Collection[str]) -> set[str]:
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in _sources("tests")}
    return {name for name, source in sources.items() if _uses_time(source, functions)}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import time\ntime.sleep(1)", True),
        ("from time import sleep as pause\npause(1)", True),
        ("def act(pause=time.sleep): pass", True),
        ("PROGRAM = 'import time; time.sleep(60)'", False),
        ("import asyncio\nasyncio.sleep(0)", False),
    ],
)
def test_sleeping_is_recognized(source: str, found: bool) -> None:
    assert _uses_time(source, ["sleep"]) is found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import time\nassert time.monotonic() < 3", True),
        ("from time import perf_counter as now\nassert now() < 3", True),
        ("act(monotonic=lambda: 0)", False),
        ("from datetime import time\ntime(12)", False),
    ],
)
def test_measuring_time_is_recognized(source: str, found: bool) -> None:
    assert _uses_time(source, CLOCKS) is found


def test_texts_say_what_something_is_not() -> None:
    """'X is not HOST:PORT', and not 'X is no HOST:PORT'."""
    wanted = re.compile(r"(?<![Tt]here )\b(?:is|are) no (?!longer\b)")
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in _sources("sila_ot2")
        for text in _texts(path.read_text("utf-8"))
        if wanted.search(text)
    ]
    assert found == []


def _texts(source: str) -> Iterator[str]:
    """The constant texts of a program, without docstrings."""
    tree = ast.parse(source)
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value
