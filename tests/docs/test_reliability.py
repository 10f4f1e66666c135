"""The reference on reliability: its tests are there, and the page says what they say."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kinds_of_faults import KINDS_OF_FAULTS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "test", sorted({test for kinds in KINDS_OF_FAULTS.values() for kind in kinds for test in kind.tests})
)
def test_named_test_is_there(test: str) -> None:
    file, _, function = test.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text())
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert function in functions if function else any(name.startswith("test_") for name in functions)


def test_every_kind_has_a_test() -> None:
    assert all(kind.tests for kinds in KINDS_OF_FAULTS.values() for kind in kinds)


def test_page_is_up_to_date() -> None:
    script = ROOT / "scripts" / "reliability.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
