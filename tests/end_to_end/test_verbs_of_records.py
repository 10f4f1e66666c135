"""The verbs of the command line for what a server keeps, and for what it knows of the deck."""

from __future__ import annotations

import csv
import io
import itertools
import json
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from sila_ot2.cli.exits import ExitCode
from sila_ot2.client import OT2, connect
from tests.end_to_end.laboratory import QUICK
from tests.end_to_end.verbs import as_json, saved, sila_ot2
from tests.processes import ServerProcess, SimulatorProcess, start_server
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only


# --- records that last ------------------------------------------------------------------------------------------------


def test_the_audit_trail_says_who_asked_for_what_and_shows_a_change(ot2: OT2, served: ServerProcess) -> None:
    sila_ot2("lights", "on")
    asked = [json.loads(entry) for entry in sila_ot2("audit", "show", "--command", "Lights", "--json").splitlines()]
    assert asked[-1]["client"] == "127.0.0.1"
    assert asked[-1]["parameters"] == {"On": True}
    assert asked[-1]["end"]["outcome"] == "Succeeded"
    assert "SetRailLights" in sila_ot2("audit", "show")
    assert "are unchanged" in sila_ot2("audit", "verify")
    (file,) = served.ca_file.parents[1].glob("audit/*.jsonl")
    original = file.read_bytes()
    try:
        file.write_bytes(original.replace(b'"On": true', b'"On": fals'))
        assert f"{file}, line " in sila_ot2("audit", "verify", code=ExitCode.FAILED)
    finally:
        file.write_bytes(original)


def test_a_backup_of_a_running_server_becomes_the_same_server_elsewhere(ot2: OT2, tmp_path: Path) -> None:
    identifier = sila_ot2("upload", saved(tmp_path, QUICK), "--key", "kept").strip()
    archive, elsewhere, robot = str(tmp_path / "backup.zip"), str(tmp_path / "elsewhere"), "http://127.0.0.1:9"
    sila_ot2("backup", archive)
    sila_ot2("restore", archive, "--robot", robot, "--state-dir", elsewhere)
    server = start_server("--robot", robot, "--no-discovery", "--state-dir", elsewhere)
    try:
        with connect(f"127.0.0.1:{server.port}", certificate=server.ca_file) as client:
            assert client.uuid == ot2.uuid
            kept = [protocol.protocol_identifier for protocol in client.protocol_service.protocols.get()]
            assert identifier in kept
    finally:
        server.end()


@pytest.mark.executes
def test_the_package_of_a_run_is_saved_and_a_change_of_it_is_found(ot2: OT2, tmp_path: Path) -> None:
    record = ot2.run(saved(tmp_path, QUICK))
    file = tmp_path / "package.zip"
    sila_ot2("package", "save", record.run_identifier, "--output", str(file))
    assert f"run {record.run_identifier} is unchanged" in sila_ot2("package", "verify", str(file))
    kept = {entity.id for entity in ROCrate(file).data_entities}
    assert {"record.json", "log.json", "log.csv", "versions.json", "protocol/plate.py", "analysis.json"} <= kept
    with zipfile.ZipFile(file) as archive:
        assert "pickUpTip" in [command["commandType"] for command in json.loads(archive.read("log.json"))]
        assert archive.read("protocol/plate.py").decode() == QUICK
        after = json.loads(archive.read("deck-after.json"))
        assert json.loads(archive.read("deck-before.json"))["at"] < after["at"]
        assert any("tiprack" in uri for slot in after["slots"] for uri in slot["labware"])
        assert json.loads(archive.read("manifest.json"))["missing"] == []
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert "Do not rely on it" in sila_ot2("package", "verify", str(file), code=ExitCode.FAILED)
    sila_ot2("package", "save", "00000000-0000-0000-0000-000000000000", code=ExitCode.FAILED)


def test_a_module_is_set_waited_for_listed_and_switched_off(ot2: OT2, simulator_process: SimulatorProcess) -> None:
    serial = simulator_process.control("module", model="temperatureModuleV2")["serial"]
    wait_for(lambda: ot2.temperature_module_controller.temperature_modules.get())
    sila_ot2("module", "set", "plate", "37", "--serial", serial)
    assert sila_ot2("module", "wait", "plate", "--timeout", "60").strip() == "37.0 °C"
    assert "target 37 °C" in sila_ot2("module", "list")
    sila_ot2("module", "off", "plate")
    [module] = as_json("module", "list")["TemperatureModules"]
    assert (module["SerialNumber"], module["TargetTemperature"]) == (serial, [])
    assert "ModuleMissing" in sila_ot2("module", "set", "magnet", "5", code=ExitCode.FAILED)
    simulator_process.control("unplug", serial=serial)
    wait_for(lambda: not ot2.temperature_module_controller.temperature_modules.get())
    rows = list(csv.DictReader(io.StringIO(sila_ot2("module", "history", "--serial", serial))))
    assert {(row["SerialNumber"], row["Part"], row["Unit"]) for row in rows} == {(serial, "Plate", "°C")}
    assert [target for target, _ in itertools.groupby(row["Target"] for row in rows)] == ["", "37.0", ""]
    assert ot2.modules.history().count(serial) == len(rows)
    assert "ModuleMissing" in sila_ot2("module", "history", "--serial", "nobody", code=ExitCode.FAILED)


def test_a_bundle_has_what_a_support_case_needs(ot2: OT2, tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    sila_ot2("bundle", str(file))
    with zipfile.ZipFile(file) as bundle:
        texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert {
        "versions.json",
        "settings.json",
        "status.txt",
        "runs.jsonl",
        "server.log",
        "robot/api.log",
        "robot/run.jsonl",
    } <= set(texts)
    assert not any(text.startswith("It could not be read") for text in texts.values())
    assert json.loads(texts["settings.json"])["robot"]["url"].startswith("http://127.0.0.1:")
    assert "PRIVATE KEY" not in "".join(texts.values())
    assert sila_ot2("bundle", str(file), code=ExitCode.USAGE)
    assert sila_ot2("bundle", str(tmp_path / "missing" / "bundle.zip"), code=ExitCode.UNAVAILABLE)


# --- deck, labware, offsets -------------------------------------------------------------------------------------------


def test_the_deck_is_declared_exported_imported_and_forgotten(ot2: OT2, tmp_path: Path) -> None:
    plate = "opentrons/corning_96_wellplate_360ul_flat/2"
    assert plate in sila_ot2("deck", "declare", "3", plate, "--label", "plate 7")
    file = tmp_path / "deck.json"
    file.write_text(sila_ot2("deck", "export"))
    sila_ot2("deck", "clear", "3")
    [cleared] = [slot for slot in as_json("deck", "known") if slot["Slot"] == "3"]
    assert (cleared["State"], cleared["Source"], cleared["Compared"]) == ("Empty", "Declared", True)
    sila_ot2("deck", "import", str(file))
    assert "plate 7" in sila_ot2("deck")
    assert "plate 7" in repr(ot2.deck)
    file.write_text("slot,labware\n13,x\n")
    assert "line 2, slot" in sila_ot2("deck", "import", str(file), code=ExitCode.FAILED)
    sila_ot2("deck", "forget")
    assert {slot["State"] for slot in as_json("deck", "known")} == {"Unknown"}
    assert "No slot" in sila_ot2("deck", "clear", code=ExitCode.USAGE)


def test_what_wells_hold_is_declared_and_forgotten(ot2: OT2) -> None:
    sila_ot2("deck", "declare", "3", "opentrons/corning_96_wellplate_360ul_flat/2")
    shown = sila_ot2("liquids", "declare", "3", "150", "a1", "b1", "--liquid", "water")
    assert "150" in shown
    assert "water" in shown
    [plate] = as_json("liquids")
    assert [(well["Well"], well["Volume"]) for well in plate["Wells"]] == [("A1", [150]), ("B1", [150])]
    assert "2 of them" in sila_ot2("deck")
    sila_ot2("liquids", "forget", "3")
    assert as_json("liquids") == []
    assert "No slot" in sila_ot2("liquids", "declare", code=ExitCode.USAGE)
    assert "LabwareNotLoaded" in sila_ot2("liquids", "declare", "5", "10", code=ExitCode.FAILED)
    sila_ot2("deck", "forget")


def test_the_deck_is_shown_and_labware_and_offsets_are_listed(ot2: OT2, tmp_path: Path) -> None:
    assert "12" in sila_ot2("deck")
    picture = tmp_path / "deck.svg"
    sila_ot2("deck", "--svg", str(picture))
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")
    assert "corning_96_wellplate_360ul_flat" in sila_ot2("labware", "search", "corning", "96", "360")
    sila_ot2("labware", "list")
    sila_ot2("offsets", "list")
    sila_ot2("tips")
    sila_ot2("module", "list")
