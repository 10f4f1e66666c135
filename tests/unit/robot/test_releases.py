"""What each release of the robot's software can do, and how one newer than any tested is served."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.driver.raw_commands import raw_command
from sila_ot2.errors import UnsupportedByRobot
from sila_ot2.robot.ability import Ability, text_of
from sila_ot2.robot.command_members import MEMBERS_SINCE
from sila_ot2.robot.command_types import FLEX_ONLY, TYPES_SINCE
from sila_ot2.robot.releases import NEWEST_TESTED, AbilityFound, release_of


@pytest.mark.parametrize(
    ("text", "version", "newer"),
    [
        ("4.7.0", (4, 7, 0), False),
        ("8.1.0", (8, 1, 0), False),
        ("8.1.7", (8, 1, 7), False),
        ("v7.0.0-alpha.3", (7, 0, 0), False),
        ("8.2.0", (8, 2, 0), True),
        ("26.1.0", (26, 1, 0), True),
        ("8.2.0-alpha.3", (8, 2, 0), True),
        ("26.4.1", (26, 4, 1), True),
        ("26.6.0-beta.12", (26, 6, 0), True),
        ("26.5a13", (26, 5, 0), True),
        ("26.5@alpha.13", (26, 5, 0), True),
        ("26.5.2601", (26, 5, 2601), True),
        ("26.12.3112-beta", (26, 12, 3112), True),
        ("26.5.22.dev1", (26, 5, 22), True),
        ("8.3.0.dev0+gabc123", (8, 3, 0), True),
        ("0.0.0-dev", NEWEST_TESTED, True),
        ("unknown", NEWEST_TESTED, True),
        pytest.param(f"{'9' * 5000}.1.0", NEWEST_TESTED, True, id="no end"),
        ("6.3", (6, 3, 0), False),
    ],
)
def test_versions(text: str, version: tuple[int, int, int], *, newer: bool) -> None:
    release = release_of(text)
    assert release.version == version
    assert release.name == text
    assert release.newer_than_tested is newer


def test_a_pre_release_may_have_any_number() -> None:
    assert release_of(f"8.2.0-alpha.{'9' * 5000}").order < release_of("8.2.0").order


def test_the_release_of_the_simulator_counts_as_tested_only_in_the_simulator() -> None:
    """The tests run on the simulator's engine; no robot of that release was seen."""
    pinned = re.search(r'"opentrons==([\d.]+)', (Path(__file__).parents[3] / "pyproject.toml").read_text())
    assert pinned
    engine = pinned[1]
    assert not release_of(engine, firmware="Virtual Smoothie").newer_than_tested
    assert release_of(engine, firmware="v1.1.0-25e5cea").newer_than_tested
    assert release_of("26.1.0", firmware="Virtual Smoothie").newer_than_tested


def test_a_newer_release_can_what_the_newest_known_can() -> None:
    assert all(release_of("99.0.0").can(ability) for ability in Ability)


def test_a_refusal_names_the_release_that_can() -> None:
    with pytest.raises(UnsupportedByRobot, match=r"6\.3\.1 cannot take CSV data files; release 8\.0 and later"):
        release_of("6.3.1").require(Ability.DATA_FILES)
    with pytest.raises(UnsupportedByRobot, match=r"release 5\.0\.2 and later"):
        release_of("5.0.0").require(Ability.LABWARE_DEFINITIONS)


@pytest.mark.parametrize(
    ("command", "works_on", "not_on"),
    [
        ("aspirate", "5.0.0", "4.7.0"),
        ("setRailLights", "6.0.1", "5.0.2"),
        ("blowout", "6.0.1", "5.0.2"),
        ("temperatureModule/setTargetTemperature", "6.0.1", "5.0.2"),
        ("moveToCoordinates", "6.1.0", "6.0.1"),
        ("comment", "6.3.1", "6.2.1"),
        ("moveToAddressableAreaForDropTip", "7.1.1", "7.0.2"),
        ("thermocycler/runExtendedProfile", "8.2.0", "8.1.0"),
        ("airGapInPlace", "8.3.2", "8.2.0"),
        ("aspirateWhileTracking", "8.4.0", "8.3.2"),
        ("identifyModule", "8.6.0", "8.5.1"),
        ("captureImage", "8.8.0", "8.7.0"),
        ("setTipState", "26.4.1", "0.0.0-dev"),
        ("commandOfTheFuture", "8.1.0", "5.0.2"),
    ],
)
def test_commands(command: str, works_on: str, not_on: str) -> None:
    release_of(works_on).require_command(command)
    with pytest.raises(UnsupportedByRobot, match=command):
        release_of(not_on).require_command(command)


@pytest.mark.parametrize("release", ["8.1.0", "26.4.1"])
@pytest.mark.parametrize("command", [*sorted(FLEX_ONLY), "absorbanceReader/openLid", "unsafe/flexStacker/openLatch"])
def test_no_release_makes_an_ot2_a_flex(command: str, release: str) -> None:
    with pytest.raises(UnsupportedByRobot, match=rf"No OT-2 can execute the command {command}.*Nothing moved"):
        release_of(release).require_command(command)


def test_facts_that_change_how_the_driver_works() -> None:
    old, mid, new = release_of("5.0.0"), release_of("7.0.2"), release_of("8.1.0")
    assert old.trash_is_labware
    assert mid.trash_is_labware
    assert not new.trash_is_labware
    assert not release_of("6.0.1").takes_keys
    assert mid.takes_keys
    assert new.may_half_create_runs
    assert not mid.may_half_create_runs
    assert not release_of("4.7.0").has_runs


def test_the_reference_lists_every_ability() -> None:
    reference = (Path(__file__).parents[3] / "docs" / "reference" / "robot-releases.md").read_text()
    for ability in Ability:
        assert f"| {ability.description} | {text_of(ability.since)} |" in reference
    for command, (major, minor, _) in TYPES_SINCE.items():
        assert re.search(rf"\| [^|]*\b{command}\b[^|]* \| {major}\.{minor} \|", reference), command


def test_the_reference_calls_measured_only_what_a_robot_was_asked() -> None:
    """No recording has the route of the camera's switch, and none of 4.7 that of the store of offsets."""
    reference = (Path(__file__).parents[3] / "docs" / "reference" / "robot-releases.md").read_text()
    cells = {line.split(" | ")[0].removeprefix("| "): line.split(" | ")[3:8] for line in reference.splitlines()}
    assert cells[Ability.CAMERA_SWITCH.description] == ["no, assumed"] * 5
    assert cells[Ability.OFFSET_STORE.description] == ["no, assumed", *["no, measured"] * 4]
    assert cells[Ability.FRONT_BUTTON.description] == ["no, measured"] * 5
    assert cells[Ability.CLIENT_DATA.description] == [*["no, measured"] * 4, "yes, measured"]


def test_versions_of_every_form_sort_as_they_were_released() -> None:
    ascending = [
        "4.7.0", "7.0.0-alpha.3", "7.0.0", "8.1.0", "8.2.0-alpha.3", "8.2.0-beta.1", "8.2.0", "9.0.0",
        "26.4.1", "26.5a13", "26.5.22.dev1", "26.5.2601-alpha", "26.5.2601", "26.6.0-alpha.0", "26.6.0-alpha.2",
        "26.6.0-alpha.10", "26.6.0",
    ]  # fmt: skip
    backwards = ascending[::-1]
    assert sorted(backwards, key=lambda text: release_of(text).order) == ascending


def test_what_the_robot_is_found_to_offer_has_precedence_over_its_number() -> None:
    gone = AbilityFound(False, "GET /clientData/none is answered with 404 BadRequest.")
    release = replace(release_of("99.0.0"), found={Ability.CLIENT_DATA: gone})
    assert not release.can(Ability.CLIENT_DATA)
    assert release.can(Ability.DATA_FILES)
    with pytest.raises(UnsupportedByRobot, match="99.0.0 cannot keep client data. GET /clientData/none is answered"):
        release.require(Ability.CLIENT_DATA)
    reports = {report.ability: report for report in release.reports()}
    assert set(reports) == set(Ability)
    assert reports[Ability.CLIENT_DATA].is_found
    assert not reports[Ability.DATA_FILES].is_found
    assert "99.0.0" in reports[Ability.DATA_FILES].reason


@pytest.mark.parametrize(
    ("command", "params", "works_on", "not_on"),
    [
        ("aspirate", {"correctionVolume": 1.0}, "8.4.0", "8.3.0"),
        ("aspirate", {"correctionVolume": 1.0}, "26.4.1", "0.0.0-dev"),
        ("aspirate", {"wellLocation": {"origin": "top", "volumeOffset": 2}}, "8.2.0", "8.1.0"),
        ("touchTip", {"mmFromEdge": 0.5}, "8.3.0", "8.2.0"),
        ("thermocycler/setTargetBlockTemperature", {"ramp_rate": 2.0}, "8.6.0", "8.5.0"),
    ],
)
def test_a_parameter_that_a_robot_would_leave_out_without_a_word_is_refused(
    command: str, params: dict[str, Any], works_on: str, not_on: str
) -> None:
    release_of(works_on).require_command(command, params)
    with pytest.raises(UnsupportedByRobot, match=f"cannot execute the command {command} with"):
        release_of(not_on).require_command(command, params)
    release_of(not_on).require_command(command, dict.fromkeys(params))
    release_of(not_on).require_command(command, {"volume": 1.0, "wellLocation": {"origin": "top"}})


def test_every_member_that_is_named_is_in_the_newest_schema() -> None:
    schema = raw_command._schema()
    definitions = schema["$defs"]
    for command, members in MEMBERS_SINCE.items():
        create = definitions[schema["discriminator"]["mapping"][command].rsplit("/", 1)[-1]]
        params = definitions[create["properties"]["params"]["$ref"].rsplit("/", 1)[-1]]
        for path in members:
            name, _, inner = path.partition(".")
            assert name in params["properties"], f"{command}: {path}"
            if inner:
                assert inner in str(definitions[_definition_of(params["properties"][name])]), f"{command}: {path}"


def test_every_type_that_is_named_is_in_the_newest_schema() -> None:
    assert {*TYPES_SINCE, *FLEX_ONLY} <= set(raw_command._schema()["discriminator"]["mapping"])


def _definition_of(member: dict[str, Any]) -> str:
    given = [member, *member.get("allOf", ()), *member.get("anyOf", ())]
    return next(str(one["$ref"]) for one in given if "$ref" in one).rsplit("/", 1)[-1]
