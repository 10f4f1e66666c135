"""The scripts that set up and run the checks: pre-commit and scripts/test.py read the same list."""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOOKS = ROOT / ".pre-commit-config.yaml"


@pytest.mark.slow
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


@pytest.mark.parametrize(("kind", "version"), [("server", (3, 9)), ("runtime", (3, 14)), ("simulator", (3, 13))])
def test_no_environment_is_begun_with_a_python_that_cannot_have_it(
    monkeypatch: pytest.MonkeyPatch, kind: str, version: tuple[int, int]
) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    environments = importlib.import_module("environments")
    monkeypatch.setattr(environments, "version_of", lambda _: version)
    monkeypatch.setattr(environments, "run", lambda _: pytest.fail("it was begun"))
    monkeypatch.setattr(environments.shutil, "rmtree", lambda *_, **__: pytest.fail("the former one was deleted"))
    with pytest.raises(environments.EnvironmentFailed, match=r"use one of 3\.10, 3\.11, 3\.12"):
        environments.environment_python(kind, "another")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "code"), [("node_client", 65), ("node_client/node_modules/package", 0), ("node_client/protos", 0)]
)
def test_spelling_is_checked_except_of_what_an_example_installs_and_exports(
    tmp_path: Path, folder: str, code: int
) -> None:
    (tmp_path / "examples" / folder).mkdir(parents=True)
    (tmp_path / "examples" / folder / "index.js").write_text("// col" + "our\n")
    command = [sys.executable, "-m", "codespell_lib", "--toml", str(ROOT / "pyproject.toml")]
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == code


@pytest.fixture
def environments(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    return importlib.import_module("environments")


PRINTING = "print('Collecting numpy'); print('x' * 300); raise SystemExit({code})"


def test_a_terminal_shows_how_the_set_up_goes_on(
    environments: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environments.run([sys.executable, "-c", PRINTING.format(code=0)])
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    environments.run([sys.executable, "-c", PRINTING.format(code=0)])
    shown = capsys.readouterr().out.strip("\r").split("\r\r")
    assert [line.strip() for line in shown] == ["Collecting numpy", "x" * 39, ""]


def test_the_output_of_a_set_up_that_failed_is_shown(
    environments: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        environments.run([sys.executable, "-c", PRINTING.format(code=3)])
    assert capsys.readouterr().out.startswith("Collecting numpy\nxxx")


def test_what_is_run_in_an_environment_keeps_compiled_modules() -> None:
    """Where they are not kept, each of the many processes that the tests start compiles thousands of them again."""
    kept = subprocess.run(
        [sys.executable, "-c", "import environments, os; print(os.environ.get('PYTHONDONTWRITEBYTECODE'))"],
        cwd=ROOT / "scripts", env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert kept.stdout.split() == ["None"]
