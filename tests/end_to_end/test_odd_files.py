"""Files that people have, and that are not quite what they should be: each ends with what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sila2.framework import DefinedExecutionError

from tests.end_to_end.laboratory import Laboratory, finish
from tests.processes import SimulatedRobot

pytestmark = pytest.mark.simulator_only

INPUTS = Path(__file__).parent / "inputs"
LEGACY = INPUTS / "legacy"


def content(name: str) -> bytes:
    return (INPUTS / name).read_bytes()


@pytest.fixture
def second_thermocycler(robot: SimulatedRobot) -> Iterator[None]:
    """A thermocycler of the second generation is attached, and nothing else."""
    serial = robot.control("module", model="thermocyclerModuleV2")["serial"]
    yield
    robot.control("unplug", serial=serial)


@pytest.mark.usefixtures("second_thermocycler")
@pytest.mark.parametrize("command", ["RunProtocol", "CreateRun"])
def test_module_of_another_generation_is_missed_before_the_start(lab: Laboratory, command: str) -> None:
    identifier = lab.upload(content("06_thermocycler_gen1.py"))
    with pytest.raises(DefinedExecutionError, match=r"ModuleMissing.*thermocyclerModuleV1.*thermocyclerModuleV2"):
        finish(lab.begin(identifier, command))
    assert lab.current() is None


def test_optional_file_need_not_be_given(lab: Laboratory) -> None:
    identifier = lab.upload(content("07_optional_csv.py"))
    assert lab.run(identifier).Result == "Succeeded"
    with pytest.raises(DefinedExecutionError, match=r"ParameterInvalid.*needs a CSV file"):
        lab.run(identifier, values={"use_csv": "true"})
    data = lab.protocols.UploadDataFile("t.csv", b"1,2\n").DataFileIdentifier
    assert lab.run(identifier, values={"use_csv": "true"}, files={"f": data}).Result == "Succeeded"


def test_protocol_of_api_version_1_is_refused_with_the_robots_text(lab: Laboratory) -> None:
    with pytest.raises(
        DefinedExecutionError, match=r"ProtocolInvalid(.|\n)*Python API Version 1\.0(.|\n)*Nothing moved"
    ):
        lab.upload(content("08_api1.py"))


def test_tables_saved_by_excel(lab: Laboratory) -> None:
    identifier = lab.upload(content("09_wells.py"))
    with pytest.raises(DefinedExecutionError, match=r"DataFileInvalid.*Line 1 .*0xb5.*CSV UTF-8"):
        lab.protocols.UploadDataFile("wells.csv", content("09_excel_cp1252.csv"))
    data = lab.protocols.UploadDataFile("wells.csv", content("09_excel_utf8_bom.csv")).DataFileIdentifier
    assert lab.analyze(identifier, files={"f": data}).Result == "Ok"


@pytest.mark.parametrize("beside", [("helpers.py", "transfer.json"), ("helpers.py",), ("transfer.json",)])
def test_what_only_release_4_takes_is_refused_with_the_way_to_go(lab: Laboratory, beside: tuple[str, ...]) -> None:
    support = {name: (LEGACY / name).read_bytes() for name in beside}
    with pytest.raises(
        DefinedExecutionError, match=rf"ProtocolInvalid.*{beside[0]}.*5\.0.*\.csv, \.txt.*old-protocols"
    ):
        lab.upload((LEGACY / "basic_transfer.py").read_bytes(), "basic_transfer.py", support=support)


def test_files_are_found_under_the_names_they_were_given(lab: Laboratory) -> None:
    main = b'metadata = {"apiLevel": "2.15"}\ndef run(protocol):\n    protocol.comment("named")\n'
    identifier = lab.upload(main, "C:\\mine\\a:b*.py", support={"data/wells?.csv": b"A1\n"})

    def retrieve(name: str) -> bytes:
        return bytes(lab.protocols.RetrieveProtocolFile(identifier, name).Content)

    assert retrieve("") == retrieve("C:\\mine\\a:b*.py") == retrieve("a_b_.py") == main
    assert retrieve("data/wells?.csv") == b"A1\n"
    for name in ("..", "other.csv", "a_b_.py/../x"):
        with pytest.raises(DefinedExecutionError, match=r"FileNotFound.*a_b_\.py, wells_\.csv"):
            retrieve(name)
