"""docs/contributing/add-a-command.md, followed step by step in a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "contributing" / "add-a-command.md"
TESTS = ("tests/unit/driver", "tests/unit/test_permissions.py", "tests/fakes")
COPIED = ("features", "scripts", "sila_ot2", "docs", *TESTS, "pyproject.toml", "LICENSE")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "recordings")
STEP = re.compile(
    r'<!-- (?:before "(?P<before>[^"]+)" in|in place of the line of (?P<line>"\w+") in|at the end of) '
    r"(?P<file>\S+) -->\n```\w+\n(?P<block>.*?)^```",
    re.M | re.S,
)
IN_THE_ENVIRONMENT = "python3 scripts/environments.py server python "


def test_the_page_is_true(tmp_path: Path) -> None:
    for name in COPIED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=NOT_COPIED)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    page = PAGE.read_text(encoding="utf-8")
    steps = list(STEP.finditer(page))
    assert [step["file"].split("/")[0] for step in steps] == ["features", "sila_ot2", "sila_ot2", "sila_ot2", "tests"]
    generate, test = (line for line in page.splitlines() if line.startswith(IN_THE_ENVIRONMENT))

    follow(steps[0], tmp_path)
    assert run(generate, tmp_path).returncode == 0
    made = (
        "import sila_ot2.implementations.device_lighting as made; made.DeviceLighting.__abstractmethods__ and exit(3)"
    )
    assert run(f'{IN_THE_ENVIRONMENT}-c "{made}"', tmp_path).returncode == 3, "the method is missed"
    for step in steps[1:]:
        follow(step, tmp_path)
    tested = run(f"{test} -p no:cacheprovider -k 'toggling or in_the_table'", tmp_path)
    assert "3 passed" in tested.stdout, tested.stdout + tested.stderr
    assert "def toggle_rail_lights(self) -> bool" in (
        tmp_path / "sila_ot2" / "client" / "generated" / "device_lighting.py"
    ).read_text(encoding="utf-8")


def follow(step: re.Match[str], copy: Path) -> None:
    """Write the block of a step where the page says."""
    path = copy / step["file"]
    text = path.read_text(encoding="utf-8")
    if step["line"]:
        text, replaced = re.subn(f"^ *{step['line']}: .*\n", lambda _: step["block"], text, flags=re.M)
        assert replaced == 1, f"{step['line']} has no line of its own in {step['file']}"
        path.write_text(text, encoding="utf-8")
        return
    if step["before"] is None:
        path.write_text(text + step["block"], encoding="utf-8")
        return
    place = step["before"].replace("\\n", "\n")
    assert text.count(place) == 1, f"{place!r} is not in {step['file']} once"
    path.write_text(text.replace(place, step["block"] + place), encoding="utf-8")


def run(command: str, copy: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the page in the copy, in this environment."""
    line = f'"{sys.executable}" {command.removeprefix(IN_THE_ENVIRONMENT)}'
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    return subprocess.run(
        line, shell=True, cwd=copy, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
