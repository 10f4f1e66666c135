"""What was promised by the last release is kept, or its change is allowed by the version and named in the changelog."""

from __future__ import annotations

import datetime
import importlib
import importlib.metadata
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
BEFORE = {"feature DeviceLighting-v1_0": "1", "setting robot.url": "None", "client connect": "", "verb run": ""}


def script(name: str) -> ModuleType:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT / "scripts"))


@pytest.fixture(scope="module")
def promises() -> ModuleType:
    return script("promises")


@pytest.fixture(scope="module")
def release() -> ModuleType:
    return script("release")


def test_promises_of_the_last_release_are_kept(promises: ModuleType) -> None:
    """Before the first release there is nothing to compare."""
    if not promises.RELEASED.exists():
        pytest.skip("nothing has been released")
    released = json.loads(promises.RELEASED.read_text(encoding="utf-8"))
    changes = promises.changes_since_release((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    version = importlib.metadata.version("sila-ot2")
    found = promises.faults(released["promises"], released["version"], promises.promises(), version, changes)
    assert found == []


def test_every_kind_of_promise_is_recorded(promises: ModuleType) -> None:
    promised = promises.promises()
    assert {name.split()[0] for name in promised} == {"feature", "setting", "client", "verb"}
    assert {"feature RunController-v1_0", "feature LockController-v1_0", "setting robot.url", "client connect"} <= set(
        promised
    )
    assert json.loads(promises.written(promised, "0.2.0")) == {"version": "0.2.0", "promises": promised}


@pytest.mark.parametrize("name", BEFORE)
def test_what_is_gone_or_different_is_found(promises: ModuleType, name: str) -> None:
    gone = {one: text for one, text in BEFORE.items() if one != name}
    assert promises.changed(BEFORE, gone) == [name]
    assert promises.changed(BEFORE, {**BEFORE, name: "another"}) == [name]
    assert promises.changed(gone, BEFORE) == []


@pytest.mark.parametrize(
    ("released", "version", "allowed"),
    [
        ("0.2.0", "0.2.0", False), ("0.2.0", "0.2.1", False), ("0.2.9", "0.3.0", True), ("0.9.0", "0.10.0", True),
        ("0.9.0", "1.0.0", True), ("1.0.0", "1.1.0", False), ("1.9.3", "2.0.0", True),
    ],
)  # fmt: skip
def test_only_some_versions_may_break_a_promise(
    promises: ModuleType, released: str, version: str, allowed: bool
) -> None:
    after = {**BEFORE, "feature DeviceLighting-v1_0": "2"}
    found = promises.faults(BEFORE, released, after, version, "DeviceLighting blinks faster.")
    assert (found == []) is allowed
    assert promises.faults(BEFORE, released, BEFORE, version, "") == []


def test_a_change_is_named_in_the_changelog(promises: ModuleType) -> None:
    after = {**BEFORE, "setting robot.url": "'http://ot2'", "feature DeviceLighting-v1_0": "2"}
    found = promises.faults(BEFORE, "0.2.0", after, "0.3.0", "DeviceLighting 1.0 blinks faster.")
    assert found == ["setting robot.url: changed since 0.2.0, and CHANGELOG.md does not name url"]


def test_changes_since_the_release_end_at_the_release(promises: ModuleType) -> None:
    changelog = "# Changelog\n\n## [Unreleased]\n\n- new\n\n## [0.2.0] - 2026-01-01\n\n- old\n"
    assert promises.changes_since_release(changelog).strip() == "- new"


def test_the_changelog_is_dated_once(release: ModuleType) -> None:
    day = datetime.date(2026, 1, 2)
    dated = release.dated("# Changelog\n\n## [Unreleased]\n\n- new\n", "0.2.0", day)
    assert dated == "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-01-02\n\n- new\n"
    for version in ("0.2.0", "0.3.0"):
        with pytest.raises(release.NotReady):
            release.dated(dated, version, day)


def test_links_of_the_readme_work_on_the_package_index(release: ModuleType) -> None:
    readme = "[SiLA](https://sila-standard.com), [guide](docs/a.md#b), [below](#c)![page](a.png)"
    repository = "https://example.org/ot2"
    assert release.with_absolute_links(readme, repository, "0.2.0") == (
        "[SiLA](https://sila-standard.com), [guide](https://example.org/ot2/blob/v0.2.0/docs/a.md#b), [below](#c)"
        "![page](https://example.org/ot2/raw/v0.2.0/a.png)"
    )
    assert release.with_absolute_links(readme, "", "0.2.0") == "[SiLA](https://sila-standard.com), guide, [below](#c)"


def test_files_of_a_computer_are_not_shipped(release: ModuleType) -> None:
    own = ["sila-ot2-0.2.0/sila_ot2/server.py", "sila-ot2-0.2.0/docs/how-to/backup.md"]
    foreign = ["p/.environments/3.11-server/made-from", "p/a/__pycache__/b.pyc", "p/ot2.pem", "p/build/site/index.html"]
    assert release.not_to_ship([*own, *foreign]) == foreign
