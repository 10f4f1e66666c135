"""The scripts that set up and run the checks: pre-commit and scripts/test.py read the same list."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOOKS = ROOT / ".pre-commit-config.yaml"


def test_pre_commit_reads_the_list() -> None:
    subprocess.run([sys.executable, "-m", "pre_commit", "validate-config", HOOKS], check=True)


def test_test_command_runs_every_check_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    specification = importlib.util.spec_from_file_location("test_command", ROOT / "scripts" / "test.py")
    assert specification is not None
    assert specification.loader is not None
    command = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, "test_command", command)
    specification.loader.exec_module(command)
    listed = HOOKS.read_text(encoding="utf-8")
    found = [hook["id"] for hook in command.HOOK.finditer(listed)]
    assert found == [line.split()[2] for line in listed.splitlines() if line.lstrip().startswith("- id:")]
    assert {"ruff-check", "ruff-format", "mypy"} <= set(found)


def test_what_is_run_in_an_environment_keeps_compiled_modules() -> None:
    """Where they are not kept, each of the many processes that the tests start compiles thousands of them again."""
    kept = subprocess.run(
        [sys.executable, "-c", "import environments, os; print(os.environ.get('PYTHONDONTWRITEBYTECODE'))"],
        cwd=ROOT / "scripts", env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert kept.stdout.split() == ["None"]
