"""PyLabRobot's deck as labware of the robot, and its channels as pipettes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("pylabrobot", reason="pylabrobot is in the server environment only")

from pylabrobot.liquid_handling.errors import ChannelsDoNotFitError, NoChannelError  # noqa: E402
from pylabrobot.resources import Coordinate, Resource, Trough, cor_96_wellplate_360uL_Fb  # noqa: E402
from pylabrobot.resources.opentrons import OTDeck  # noqa: E402
from transfer import tip_rack  # noqa: E402

from sila_ot2.pylabrobot.channels import MountedPipette, mounted, pipette_of, place_of  # noqa: E402
from sila_ot2.pylabrobot.definitions import Described, described, signature  # noqa: E402

EIGHT = MountedPipette("left", "p300_multi_gen2", tuple(range(8)))
ONE = MountedPipette("right", "p20_single_gen2", (8,))


def on_deck(resource: Any, slot: int = 3) -> Described:
    deck = OTDeck()
    deck.assign_child_at_slot(resource, slot)
    return described(resource, slot, deck, "abc")


def plate() -> Any:
    return cor_96_wellplate_360uL_Fb(name="plate")


def test_wells_are_where_opentrons_has_them() -> None:
    found = on_deck(plate())
    well = found.definition["wells"]["B2"]
    assert (well["x"], well["y"], well["z"]) == pytest.approx((23.38, 65.24, 3.55), abs=0.1)  # Opentrons' definition
    assert well["shape"] == "circular"
    assert found.wells["plate_well_B2"] == "B2"
    assert found.definition["ordering"][11][7] == "H12"
    assert list(found.definition["cornerOffsetFromSlot"].values()) == pytest.approx([0, 0, 0])


def test_tips_are_as_long_as_pylabrobot_says() -> None:
    parameters = on_deck(tip_rack("tips")).definition["parameters"]
    assert parameters["isTiprack"]
    assert (parameters["tipLength"], parameters["tipOverlap"]) == (59.3, 7.47)


def test_the_robot_travels_above_all_that_stands_there() -> None:
    carrier = Resource(name="carrier", size_x=100.0, size_y=80.0, size_z=20.0)
    carrier.assign_child_resource(
        Resource(name="tower", size_x=10.0, size_y=10.0, size_z=90.0), location=Coordinate(5, 5, 20)
    )
    assert on_deck(carrier).definition["dimensions"]["zDimension"] == 110
    assert on_deck(tip_rack("tips")).definition["dimensions"]["zDimension"] == pytest.approx(5.39 + 59.3)


def test_a_trough_is_one_well_for_all_channels() -> None:
    trough = Trough(name="trough", size_x=120.0, size_y=80.0, size_z=40.0, max_volume=1e5, material_z_thickness=2.0)
    found = on_deck(trough)
    assert list(found.definition["wells"]) == ["A1"]
    assert found.definition["wells"]["A1"]["z"] == 2
    assert found.definition["parameters"]["quirks"] == ["centerMultichannelOnWells"]


def test_what_is_rotated_is_refused() -> None:
    turned = plate()
    turned.rotate(z=90)
    with pytest.raises(ValueError, match="plate in slot 3 is rotated"):
        on_deck(turned)


def test_the_signature_changes_with_what_stands_there() -> None:
    carrier, deck = Resource(name="carrier", size_x=100.0, size_y=80.0, size_z=20.0), OTDeck()
    deck.assign_child_at_slot(carrier, 1)
    before = signature(carrier, 1)
    assert before == signature(carrier, 1)
    tower = Resource(name="tower", size_x=10.0, size_y=10.0, size_z=90.0)
    carrier.assign_child_resource(tower, location=Coordinate(5, 5, 20))
    assert signature(carrier, 1) != before
    assert signature(carrier, 2) != signature(carrier, 1)
    before = signature(carrier, 1)
    carrier.rotate(z=180)
    assert signature(carrier, 1) != before


def test_channels_are_numbered_from_the_left() -> None:
    states: Any = [
        SimpleNamespace(mount="right", pipette_name="p20_single_gen2", channels=1),
        SimpleNamespace(mount="left", pipette_name="p300_multi_gen2", channels=8),
    ]
    assert mounted(states) == [EIGHT, ONE]


@pytest.mark.parametrize("channels", [[0], [0, 1, 2], [7, 8], [8, 9], [7, 6, 5, 4, 3, 2, 1, 0], [9]])
def test_a_pipette_is_used_as_a_whole(channels: list[int]) -> None:
    with pytest.raises(NoChannelError, match="p300_multi_gen2"):
        pipette_of([EIGHT, ONE], channels)


@pytest.mark.parametrize(("volume", "takes"), [(10, True), (20, True), (200, False), (300, False), (1000, False)])
def test_tips_fit_by_their_size(volume: float, takes: bool) -> None:
    assert ONE.takes(SimpleNamespace(maximal_volume=volume)) is takes


def operations(wells: list[Any], **differing: list[Any]) -> list[Any]:
    given = [{name: values[number] for name, values in differing.items()} for number in range(len(wells))]
    return [
        SimpleNamespace(**{"resource": well, "offset": Coordinate.zero(), "volume": 20.0, **more})
        for well, more in zip(wells, given, strict=True)
    ]


def test_a_column_is_reached_by_its_rearmost_well() -> None:
    wells = plate()
    assert place_of(operations(wells["A3:H3"])).resource is wells.get_item("A3")


@pytest.mark.parametrize("wells", ["A1:A8", "H1:A1"])
def test_other_wells_than_a_column_do_not_fit(wells: str) -> None:
    found = plate()
    chosen = found[wells] if wells == "A1:A8" else list(reversed(found["A1:H1"]))
    with pytest.raises(ChannelsDoNotFitError, match="9 mm"):
        place_of(operations(chosen))


def test_channels_cannot_do_different_things() -> None:
    with pytest.raises(ValueError, match="volume differs"):
        place_of(operations(plate()["A1:H1"], volume=[20.0] * 7 + [30.0]))
    with pytest.raises(ChannelsDoNotFitError, match="offsets"):
        place_of(operations(plate()["A1:H1"], offset=[Coordinate.zero()] * 7 + [Coordinate(x=1)]))


def test_in_one_container_the_center_of_the_channels_counts() -> None:
    offsets = [Coordinate(x=1, y=31.5 - 9 * number) for number in range(8)]
    place = place_of(operations([plate().get_item("A1")] * 8, offset=offsets))
    assert (place.offset.x, place.offset.y) == pytest.approx((1, 0))
