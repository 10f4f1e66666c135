"""What the robot keeps, and what it forgets silently (recorded: limits_*, halfrun_*)."""

from __future__ import annotations

from pathlib import Path

from tests.simulator.recorded_files import files
from tests.simulator.simulated_robot import TRANSFER, SimulatorUnderTest

PROTOCOL = TRANSFER.format(level="2.20", wells=1)


def test_twenty_runs_are_kept(robot: SimulatorUnderTest) -> None:
    runs = [robot.create_run() for _ in range(22)]
    assert [run["id"] for run in robot.request_json("GET", "/runs")["data"]] == runs[2:]
    assert robot.refused("GET", f"/runs/{runs[0]}", 404) == "RunNotFound"


def test_five_unused_protocols_are_kept_and_all_that_runs_use(robot: SimulatorUnderTest) -> None:
    used = robot.upload(PROTOCOL)["id"]
    robot.create_run(used)
    others = [robot.upload(f"{PROTOCOL}# {number}\n")["id"] for number in range(7)]
    assert [one["id"] for one in robot.request_json("GET", "/protocols")["data"]] == [used, *others[2:]]
    assert robot.refused("DELETE", f"/protocols/{used}", 409) == "ProtocolUsedByRun"
    robot.request_json("DELETE", f"/protocols/{others[-1]}")
    assert robot.refused("GET", f"/protocols/{others[0]}", 404) == "ProtocolNotFound"


def test_fifty_data_files_are_kept(robot: SimulatorUnderTest) -> None:
    ids = [
        robot.request_json("POST", "/dataFiles", 201, files={"file": ("data.csv", f"{number}\n")})["data"]["id"]
        for number in range(52)
    ]
    assert [one["id"] for one in robot.request_json("GET", "/dataFiles")["data"]] == ids[2:]
    assert robot.refused("GET", f"/dataFiles/{ids[0]}", 404) == "FileIdNotFound"


def test_bad_parameter_leaves_a_half_created_run(robot: SimulatorUnderTest) -> None:
    """The trap of 8.x: the creation fails, the next one too, the one after works."""
    robot.control("POST", "/pipette", json={"mount": "left", "pipette": "p10_single"})
    protocol_id = robot.upload_and_analyze(files()["rtp.py"])
    wanted = {"protocolId": protocol_id, "runTimeParameterValues": {"n": 300}}
    assert robot.refused("POST", "/runs", 500, json={"data": wanted}) == "UnexpectedError"
    half_created = robot.request_json("GET", "/runs")
    assert half_created["data"] == []
    path = half_created["links"]["current"]["href"]
    assert robot.refused("GET", path, 404) == "RunNotFound"
    body = robot.request_json("POST", "/runs", 500, json={"data": {}})
    assert body["errors"][0]["detail"] == f"Run {path.removeprefix('/runs/')} was not found."
    robot.create_run()


def test_same_content_is_the_same_protocol(robot: SimulatorUnderTest) -> None:
    first = robot.upload(PROTOCOL, key="ours")
    assert first["key"] == "ours"
    robot.analyzed(first["id"])
    again = robot.upload(PROTOCOL, status=200)
    assert again["id"] == first["id"]
    assert robot.upload(("other.py", PROTOCOL))["id"] != first["id"]


def test_forced_analysis_is_another_one(robot: SimulatorUnderTest) -> None:
    protocol_id = robot.upload_and_analyze(PROTOCOL)
    path = f"/protocols/{protocol_id}/analyses"
    assert len(robot.request_json("POST", path, 200, json={"data": {}})["data"]) == 1
    assert len(robot.request_json("POST", path, 201, json={"data": {"forceReAnalyze": True}})["data"]) == 2


def test_real_changes_of_a_run_can_be_read(robot: SimulatorUnderTest) -> None:
    """Offsets show in the loaded labware; liquids and definitions in the run."""
    run_id = robot.create_run(
        labwareOffsets=[
            {
                "definitionUri": "opentrons/corning_96_wellplate_360ul_flat/1",
                "location": {"slotName": "2"},
                "vector": {"x": 1, "y": 2, "z": 3},
            }
        ]
    )
    robot.set_deck(run_id)
    plate = next(one for one in robot.run(run_id)["labware"] if "corning" in one["loadName"])
    assert plate["offsetId"] == robot.run(run_id)["labwareOffsets"][0]["id"]
    definitions = robot.request_json("GET", f"/runs/{run_id}/loaded_labware_definitions")["data"]
    assert len(definitions) == 2


def test_history_is_forgotten_with_the_restart_after_it_was_reset(robot: SimulatorUnderTest) -> None:
    assert len(robot.request_json("GET", "/settings/reset/options")["options"]) == 7
    robot.play(robot.create_run(robot.upload_and_analyze(PROTOCOL)))
    robot.request_json("POST", "/settings/reset", json={"runsHistory": True})
    assert len(robot.request_json("GET", "/runs")["data"]) == 1
    robot.control("POST", "/restart", json={"down_s": 0})
    robot.wait(lambda: robot.http.get("/health").status_code == 200)
    assert robot.request_json("GET", "/runs")["data"] == []
    assert robot.request_json("GET", "/protocols")["data"] == []


def test_uploads_stay_in_their_place_and_other_files_are_not_read(robot: SimulatorUnderTest, tmp_path: Path) -> None:
    """A robot reads files of its own disk; the simulator's disk is its state directory, not this computer."""
    protocol = robot.upload(("../../escaped.py", PROTOCOL))
    assert [file["name"] for file in protocol["files"]] == ["escaped.py"]
    stored = robot.request_json("POST", "/dataFiles", 201, files={"file": ("..\\..\\escaped.csv", "1\n")})["data"]
    assert stored["name"] == "escaped.csv"
    secret = tmp_path / "secret.csv"
    secret.write_text("secret\n")
    assert robot.refused("POST", "/dataFiles", 404, data={"filePath": str(secret)}) == "FileNotFound"
