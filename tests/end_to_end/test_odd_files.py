"""Files that people have, and that are not quite what they should be: each ends with what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.client import Execution, errors
from tests.end_to_end.laboratory import Laboratory, finish
from tests.processes import SimulatorProcess

pytestmark = pytest.mark.simulator_only

INPUTS = Path(__file__).parent / "inputs"
LEGACY = INPUTS / "legacy"


def content(name: str) -> bytes:
    return (INPUTS / name).read_bytes()


@pytest.fixture
def second_thermocycler(robot: SimulatorProcess) -> Iterator[None]:
    """A thermocycler of the second generation is attached, and nothing else."""
    serial = robot.control("module", model="thermocyclerModuleV2")["serial"]
    yield
    robot.control("unplug", serial=serial)


@pytest.mark.usefixtures("second_thermocycler")
@pytest.mark.parametrize("begin", [Laboratory.begin, Laboratory.begin_creation])
def test_module_of_another_generation_is_missed_before_the_start(
    lab: Laboratory, begin: Callable[[Laboratory, str], Execution[Any, Any]]
) -> None:
    identifier = lab.upload(content("06_thermocycler_gen1.py"))
    with pytest.raises(errors.ModuleMissing, match=r"thermocyclerModuleV1.*thermocyclerModuleV2"):
        finish(begin(lab, identifier))
    assert lab.current() is None


def test_optional_file_need_not_be_given(lab: Laboratory) -> None:
    identifier = lab.upload(content("07_optional_csv.py"))
    assert lab.run(identifier).result == "Succeeded"
    with pytest.raises(errors.ParameterInvalid, match=r"needs a CSV file"):
        lab.run(identifier, values={"use_csv": "true"})
    data = lab.protocols.upload_data_file("t.csv", b"1,2\n")
    assert lab.run(identifier, values={"use_csv": "true"}, files={"f": data}).result == "Succeeded"


def test_protocol_of_api_version_1_is_refused_with_the_robots_text(lab: Laboratory) -> None:
    with pytest.raises(errors.ProtocolInvalid, match=r"Python API Version 1\.0(.|\n)*Nothing moved"):
        lab.upload(content("08_api1.py"))


def test_tables_saved_by_excel(lab: Laboratory) -> None:
    identifier = lab.upload(content("09_wells.py"))
    with pytest.raises(errors.DataFileInvalid, match=r"Line 1 .*0xb5.*CSV UTF-8"):
        lab.protocols.upload_data_file("wells.csv", content("09_excel_cp1252.csv"))
    data = lab.protocols.upload_data_file("wells.csv", content("09_excel_utf8_bom.csv"))
    assert lab.analyze(identifier, files={"f": data}).result == "Ok"


@pytest.mark.parametrize("beside", [("helpers.py", "transfer.json"), ("helpers.py",), ("transfer.json",)])
def test_what_only_release_4_takes_is_refused_with_the_way_to_go(lab: Laboratory, beside: tuple[str, ...]) -> None:
    support = {name: (LEGACY / name).read_bytes() for name in beside}
    with pytest.raises(errors.ProtocolInvalid, match=rf"{beside[0]}.*5\.0.*\.csv, \.txt.*old-protocols"):
        lab.upload((LEGACY / "basic_transfer.py").read_bytes(), "basic_transfer.py", support=support)


def test_files_are_found_under_the_names_they_were_given(lab: Laboratory) -> None:
    main = b'metadata = {"apiLevel": "2.15"}\ndef run(protocol):\n    protocol.comment("named")\n'
    identifier = lab.upload(main, "C:\\mine\\a:b*.py", support={"data/wells?.csv": b"A1\n"})

    def retrieve(name: str) -> bytes:
        return bytes(lab.protocols.retrieve_protocol_file(protocol_identifier=identifier, file_name=name))

    assert retrieve("") == retrieve("C:\\mine\\a:b*.py") == retrieve("a_b_.py") == main
    assert retrieve("data/wells?.csv") == b"A1\n"
    for name in ("..", "other.csv", "a_b_.py/../x"):
        with pytest.raises(errors.FileNotFound, match=r"a_b_\.py, wells_\.csv"):
            retrieve(name)
