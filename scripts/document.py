"""Write the pages and pictures that are rendered from code; `--check` only reports whether they are up to date."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from architecture import architecture
from error_page import error_page
from example_deck import example_deck
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sila_ot2 import config  # noqa: E402
from sila_ot2.cli.exits import ExitCode  # noqa: E402
from sila_ot2.robot.ability import Ability, Certainty, Probe, Version, text_of  # noqa: E402
from sila_ot2.robot.command_types import TYPES_SINCE, first_with  # noqa: E402
from sila_ot2.robot.releases import NEWEST_TESTED  # noqa: E402
from sila_ot2.robot.translate import FAILURES_BY_CODE, FAILURES_BY_TYPE  # noqa: E402
from tests.fakes.replay.recordings import RELEASES, recordings  # noqa: E402

REFERENCE = ROOT / "docs" / "reference"
WRITTEN_BY = "<!-- Written by scripts/document.py; do not edit. -->"

CONFIGURATION = f"""\
# Settings

{WRITTEN_BY}

This page lists every setting of `sila-ot2 serve`. `sila-ot2 config explain` prints this list, and
`sila-ot2 config check FILE` checks a settings file. A setting comes from its default, the settings file
(`sila-ot2 serve --config FILE`), the environment, or the command line (`sila-ot2 serve --help`); a later one in this
list has precedence. A name that is not on this page is refused, in the file and in the environment. The name of a
number ends in its unit.

```toml
# sila-ot2.toml
[robot]
url = "http://192.168.1.20:31950"

[server]
address = "0.0.0.0"
```
"""

SIMULATOR = f"""
## Beside the server

| Environment variable | Meaning |
|---|---|
| `{config.SIMULATOR_PYTHON}` | Also the Python for `sila-ot2 simulate` and `sila-ot2 demo`. |
"""


def configuration() -> str:
    """Return docs/reference/configuration.md."""
    lines = [CONFIGURATION]
    shown = ""
    for group, name, field in config.fields():
        if group != shown:
            lines += [f"\n## [{group}]\n", f"{config.tables()[group].__doc__}\n"]
            lines += ["| Setting | Environment variable | Default | Meaning |", "|---|---|---|---|"]
            shown = group
        lines.append(f"| `{name}` | `{config.variable(group, name)}` | {_default(field)} | {field.description} |")
    return "\n".join(lines) + "\n" + SIMULATOR


def exit_codes() -> str:
    """Return docs/reference/exit-codes.md."""
    rows = "\n".join(f"| {int(code)} | {code.meaning} |" for code in ExitCode)
    return f"""\
# Exit codes

{WRITTEN_BY}

This page lists the exit codes of `sila-ot2`. An error is reported on standard error, in one line that begins with
`sila-ot2:` and says what to do; `-v` adds the traceback.

| Code | Meaning |
|---|---|
{rows}
"""


SHOWN_RELEASES: tuple[Version, ...] = (
    (4, 7, 0), (5, 0, 0), (6, 3, 0), (7, 5, 0), (8, 1, 0), (8, 2, 0), (8, 4, 0), (8, 8, 0), (9, 0, 0), (26, 0, 0),
)  # fmt: skip


def robot_releases() -> str:
    """Return docs/reference/robot-releases.md with the tables of abilities and commands that the code uses."""
    page = (REFERENCE / "robot-releases.md").read_text()
    for name, lines in {"abilities": _abilities(), "commands": _commands(), "failures": _failures()}.items():
        page = _with_table(page, name, lines)
    return page


def _with_table(page: str, name: str, lines: list[str]) -> str:
    """Return the page with these lines between the comments that enclose a table."""
    begin, end = f"<!-- {name}: written by scripts/document.py -->", f"<!-- end of {name} -->"
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n\n" + "\n".join(lines) + f"\n\n{end}{after}"


def _abilities() -> list[str]:
    shown = [f"{version[0]}.x" if version[0] > OT2_LINE else text_of(version) for version in SHOWN_RELEASES]
    lines = [f"| ability | since | the robot is asked by | {' | '.join(shown)} |", f"|{'---|' * (3 + len(shown))}"]
    for ability in Ability:
        cells = " | ".join(_ability_at(ability, version) for version in SHOWN_RELEASES)
        asked = _probe_text(ability.probe) if ability.probe else f"nothing. {ability.why_not_asked}"
        lines.append(f"| {ability.description} | {text_of(ability.since)} | {asked} | {cells} |")
    return lines


def _commands() -> list[str]:
    lines = ["| command | since | known how |", "|---|---|---|"]
    for since in sorted(set(TYPES_SINCE.values())):
        types = ", ".join(sorted(name for name, its_first in TYPES_SINCE.items() if its_first == since))
        lines.append(f"| {types} | {text_of(since)} | {'measured' if since <= NEWEST_TESTED else 'read'} |")
    others = f"{text_of(first_with(''))}, or the later release that the robot's own refusal names"
    return [*lines, f"| all others | {others} | assumed |"]


def _failures() -> list[str]:
    reported: dict[str, list[str]] = defaultdict(list)
    for name, rule in FAILURES_BY_TYPE.items():
        reported[rule.fault.__name__].append(f"`{name}`")
    for code, rule in FAILURES_BY_CODE.items():
        reported[rule.fault.__name__].append(f"code {code}" if len(code) > 1 else f"codes {code}000 to {code}999")
    rows = [f"| {fault} | {', '.join(robots)} |" for fault, robots in sorted(reported.items())]
    return ["| reported as | error type or code of the robot |", "|---|---|", *rows]


OT2_LINE = 20
"""Releases with greater numbers are named by year and month."""


def _ability_at(ability: Ability, version: Version) -> str:
    """Return whether a release has an ability, and how that is known."""
    has = "yes" if version >= ability.since else "no"
    is_read = ability.certainty is Certainty.READ
    if version[:2] > NEWEST_TESTED[:2]:
        return f"{has}, {'read' if is_read else 'assumed'}"
    was_asked = not is_read or (ability.probe is not None and _was_asked(ability.probe.target, version))
    return f"{has}, {'measured' if was_asked else 'assumed'}"


def _was_asked(path: str, version: Version) -> bool:
    """Return whether a robot of this release was asked for the route when answers were recorded."""
    (release,) = (one for one in RELEASES if one.startswith(f"{version[0]}.{version[1]}."))
    return any((case.method, case.path) == ("GET", path) for case in recordings(release).values())


def _probe_text(probe: Probe) -> str:
    shown_by = probe.member or probe.setting
    return f"`GET {probe.target}`" + (f" with `{shown_by}`" if shown_by else "")


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "the system's directory for a user's state"
    if field.default is PydanticUndefined:
        return "**needed**"
    if isinstance(field.default, bool):  # a number 0 is not false
        return f"`{str(field.default).lower()}`"
    return "unset" if field.default in (None, "") else f"`{field.default}`"


def main() -> int:
    """Write or check the pages."""
    stale = []
    reference = {
        "configuration.md": configuration(),
        "exit-codes.md": exit_codes(),
        "errors.md": error_page(WRITTEN_BY, REFERENCE / "error-guidance.toml"),
        "robot-releases.md": robot_releases(),
    }
    pages = {REFERENCE / name: text for name, text in reference.items()}
    pages |= {ROOT / "docs" / "explanation" / name: text for name, text in architecture().items()}
    pages[ROOT / "docs" / "how-to" / "deck-picture.svg"] = example_deck()
    for path, text in pages.items():
        if not path.exists() or path.read_text() != text:
            stale.append(path.relative_to(ROOT))
            if "--check" not in sys.argv:
                path.write_text(text)
    if stale and "--check" in sys.argv:
        print(f"Not up to date: {', '.join(map(str, stale))}. Run: python scripts/document.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
