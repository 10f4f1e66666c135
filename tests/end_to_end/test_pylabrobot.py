"""PyLabRobot through the SiLA server: one and eight channels, tip tracking, cancel, errors in its terms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.client import connect, errors
from tests.processes import ServerProcess, SimulatorProcess, start_server, start_simulator
from tests.waiting import wait_for

pylabrobot = pytest.importorskip("pylabrobot", reason="pylabrobot is in the server environment only")

from pylabrobot.liquid_handling import LiquidHandler  # noqa: E402
from pylabrobot.liquid_handling.errors import ChannelizedError, ChannelsDoNotFitError, NoChannelError  # noqa: E402
from pylabrobot.liquid_handling.standard import Mix  # noqa: E402
from pylabrobot.resources import Coordinate, Resource, Trough, cor_96_wellplate_360uL_Fb, set_tip_tracking  # noqa: E402
from pylabrobot.resources.errors import HasTipError, NoTipError  # noqa: E402
from pylabrobot.resources.opentrons import OTDeck  # noqa: E402
from pylabrobot.thermocycling import Thermocycler  # noqa: E402
from transfer import tip_rack  # noqa: E402

from sila_ot2.pylabrobot import SilaOT2Backend, SilaThermocyclerBackend  # noqa: E402

pytestmark = [pytest.mark.simulator_only, pytest.mark.filterwarnings("default::DeprecationWarning:pylabrobot")]
EIGHT, ONE = list(range(8)), [8]
"""The channels of the left and of the right pipette."""


@pytest.fixture(scope="module")
def robot(simulator_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    """A robot with a pipette of eight channels on the left."""
    folder = tmp_path_factory.mktemp("robot")
    options = ["--left", "p300_multi_gen2", "--right", "p300_single_gen2"]
    with start_simulator(simulator_python, folder, *options) as robot:
        yield robot


@pytest.fixture(scope="module")
def server(robot: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Its SiLA server."""
    server = start_server("--robot", robot.url, "--no-discovery", "--state-dir", str(tmp_path_factory.mktemp("state")))
    yield server
    server.end()


class PylabrobotDeck:
    """A deck with tips in slot 1, a plate in slot 2 and a trough in slot 3."""

    def __init__(self, backend: SilaOT2Backend) -> None:
        self.backend, self.deck = backend, OTDeck()
        self.lh = LiquidHandler(backend=backend, deck=self.deck)
        self.tips, self.plate = tip_rack("tips"), cor_96_wellplate_360uL_Fb(name="plate")
        self.trough = Trough(
            name="trough", size_x=127.0, size_y=85.0, size_z=40.0, max_volume=200_000, material_z_thickness=2.0
        )
        for slot, resource in enumerate((self.tips, self.plate, self.trough), start=1):
            self.deck.assign_child_at_slot(resource, slot)


Test = Callable[[PylabrobotDeck], Coroutine[Any, Any, None]]


@pytest.fixture
def on_robot(robot: SimulatorProcess, server: ServerProcess) -> Iterator[Callable[[Test], list[dict[str, Any]]]]:
    """Runs a test on a plates; returns the commands of the robot's run."""
    robot.control("speed", speed="fast")

    @asynccontextmanager
    async def plates() -> AsyncIterator[PylabrobotDeck]:
        set_tip_tracking(True)
        found = PylabrobotDeck(SilaOT2Backend(f"127.0.0.1:{server.port}", certificate=server.ca_file))
        await found.lh.setup()
        try:
            yield found
        finally:
            set_tip_tracking(False)

    def run(test: Test) -> list[dict[str, Any]]:
        async def whole() -> None:
            async with plates() as found:
                await test(found)
                await found.lh.stop()

        asyncio.run(whole())
        run_id = robot.request("GET", "/runs")["data"][-1]["id"]
        answer = robot.request("GET", f"/runs/{run_id}/commands?cursor=0&pageLength=1000")
        commands: list[dict[str, Any]] = answer["data"]
        return commands

    yield run
    with connect(f"127.0.0.1:{server.port}", certificate=server.ca_file) as client:
        robot.control("speed", speed="fast")
        wait_for(lambda: client.status_provider.activity.get().kind in ("None", "Command"))
        for mount in ("left", "right"):
            for state in client.atomic_liquid_handling.pipette_states.get():
                if state.mount == mount and state.tip_state != "NoTip":
                    client.atomic_liquid_handling.discard_tip_untracked(state.mount).result(60)
        client.atomic_liquid_handling.close_session().result(60)


def commands_sent(commands: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What moved: the robot's commands with their well."""
    setup = ("load", "home", "comment", "custom")
    return [
        (command["commandType"], command["params"].get("wellName", ""))
        for command in commands
        if not command["commandType"].startswith(setup)
    ]


def test_eight_channels_move_a_column_with_one_command_for_each_operation(
    on_robot: Callable[[Test], list[dict[str, Any]]],
) -> None:
    async def test(plates: PylabrobotDeck) -> None:
        assert plates.backend.num_channels == 9
        await plates.lh.pick_up_tips(plates.tips["A1:H1"], use_channels=EIGHT)
        await plates.lh.aspirate(plates.plate["A2:H2"], vols=[50] * 8, use_channels=EIGHT)
        await plates.lh.dispense(plates.plate["A3:H3"], vols=[50] * 8, use_channels=EIGHT)
        await plates.lh.return_tips()

    commands = on_robot(test)
    assert [command["status"] for command in commands if command["status"] != "succeeded"] == []
    moved = commands_sent(commands)
    assert [sent for sent in moved if sent[0] in ("pickUpTip", "aspirate", "dispense", "dropTip")] == [
        ("pickUpTip", "A1"), ("aspirate", "A2"), ("dispense", "A3"), ("dropTip", "A1"),
    ]  # fmt: skip


def test_one_channel_goes_where_the_robots_own_definition_says(
    on_robot: Callable[[Test], list[dict[str, Any]]], server: ServerProcess
) -> None:
    places: list[tuple[float, ...]] = []

    async def test(plates: PylabrobotDeck) -> None:
        await plates.lh.pick_up_tips(plates.tips["C5"], use_channels=ONE)
        await plates.lh.aspirate(plates.plate["B4"], vols=[30], use_channels=ONE, liquid_height=[2])
        feature = plates.backend._feature
        places.append(await where(feature))
        await plates.lh.dispense(plates.plate["B4"], vols=[30], use_channels=ONE, liquid_height=[2])
        loaded = {each.location: each.labware_identifier for each in await feature.loaded_labware.get()}
        await (await feature.remove_labware(loaded["2"]))
        own = await (await feature.load_labware("corning_96_wellplate_360ul_flat", "2"))
        await (await feature.move_to_well("right", own.labware_identifier, "B4", origin="Bottom", offset_z=2.0))
        places.append(await where(feature))
        await plates.lh.discard_tips()

    async def where(feature: Any) -> tuple[float, ...]:
        position = await (await feature.save_position("right"))
        return position.x, position.y, position.z

    on_robot(test)
    assert places[0] == pytest.approx(places[1], abs=0.3)


def test_a_trough_takes_all_channels_around_its_center(on_robot: Callable[[Test], list[dict[str, Any]]]) -> None:
    async def test(plates: PylabrobotDeck) -> None:
        await plates.lh.pick_up_tips(plates.tips["A1:H1"], use_channels=EIGHT)
        mix = Mix(volume=40, repetitions=2, flow_rate=80)
        await plates.lh.aspirate([plates.trough] * 8, vols=[50] * 8, use_channels=EIGHT, mix=[mix] * 8)
        await plates.lh.dispense(plates.plate["A1:H1"], vols=[50] * 8, use_channels=EIGHT)
        await plates.lh.discard_tips(use_channels=EIGHT)

    moved = commands_sent(on_robot(test))
    assert moved.count(("aspirate", "A1")) == 3
    assert moved.count(("dispense", "A1")) == 3


@pytest.mark.parametrize(
    ("error", "operation"),
    [
        (NoChannelError, lambda b: b.lh.pick_up_tips(b.tips["A1:D1"], use_channels=[0, 1, 2, 3])),
        (ChannelsDoNotFitError, lambda b: b.lh.pick_up_tips(b.tips["A1:A8"], use_channels=EIGHT)),
        (
            NotImplementedError,
            lambda b: b.lh.pick_up_tips(b.tips["A1"], use_channels=ONE, offsets=[Coordinate(x=1)]),
        ),
    ],
)
def test_what_the_pipettes_cannot_do_is_refused_and_no_tip_counts_as_taken(
    on_robot: Callable[[Test], list[dict[str, Any]]], error: type[Exception], operation: Any
) -> None:
    async def test(plates: PylabrobotDeck) -> None:
        with pytest.raises(error):
            await operation(plates)
        assert all(spot.has_tip() for spot in plates.tips.get_all_items())
        assert not any(tracker.has_tip for tracker in plates.lh.head.values())

    assert commands_sent(on_robot(test)) == []


def test_the_servers_errors_are_pylabrobots(on_robot: Callable[[Test], list[dict[str, Any]]]) -> None:
    async def test(plates: PylabrobotDeck) -> None:
        feature = plates.backend._feature
        await plates.lh.pick_up_tips(plates.tips["A1"], use_channels=ONE)
        set_tip_tracking(False)
        plates.lh.head[8].remove_tip()  # as a program that has lost count
        with pytest.raises(ChannelizedError) as refused:
            await plates.lh.pick_up_tips(plates.tips["A2"], use_channels=ONE)
        assert isinstance(refused.value.errors[8], HasTipError)
        assert isinstance(refused.value.__cause__, errors.TipAlreadyAttached)
        with pytest.raises(ChannelizedError) as open_tip:
            await plates.lh.stop()
        assert isinstance(open_tip.value.errors[8], HasTipError)
        await (await feature.drop_tip("right"))
        with pytest.raises(ChannelizedError) as missing:
            await plates.backend._do(feature.aspirate_in_place("right", 20.0), ONE)
        assert isinstance(missing.value.errors[8], NoTipError)

    on_robot(test)


def test_a_cancelled_task_cancels_the_command_and_reports_the_tips_correctly(
    on_robot: Callable[[Test], list[dict[str, Any]]], robot: SimulatorProcess
) -> None:
    async def test(plates: PylabrobotDeck) -> None:
        await plates.lh.pick_up_tips(plates.tips["A1"], use_channels=ONE)
        robot.control("speed", speed=2)
        moving = asyncio.create_task(plates.lh.drop_tips(plates.tips["A1"], use_channels=ONE))
        feature = plates.backend._feature
        async with feature.last_command.subscribe() as outcomes:
            async for outcome in outcomes:
                if outcome and (outcome[0].command_name, outcome[0].outcome) == ("DropTip", "AtWork"):
                    break
        moving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await moving
        robot.control("speed", speed="fast")
        assert (await feature.last_command.get())[0].outcome != "AtWork", "its end was waited for"
        present = (await plates.backend.request_tip_presence())[8]
        assert plates.lh.head[8].has_tip is (present is not False)
        if present is not False:
            await plates.lh.discard_tips(use_channels=ONE)

    on_robot(test)


async def standing(feature: Any) -> dict[str, str]:
    """What the robot knows of the deck: names by slot."""
    known = await feature.loaded_labware.get()
    return {each.location: each.display_name for each in known if each.location != "offDeck"}


def test_the_robot_knows_what_stands_on_the_deck(on_robot: Callable[[Test], list[dict[str, Any]]]) -> None:
    async def test(plates: PylabrobotDeck) -> None:
        tower = Resource(name="tower", size_x=100.0, size_y=80.0, size_z=110.0)
        plates.deck.assign_child_at_slot(tower, 5)
        await plates.lh.pick_up_tips(plates.tips["A1"], use_channels=ONE)
        feature = plates.backend._feature
        names = await standing(feature)
        assert names == {"1": "tips", "2": "plate", "3": "trough", "5": "tower"}
        plates.plate.unassign()
        plates.deck.assign_child_at_slot(plates.plate, 6)
        await plates.lh.aspirate(plates.plate["A1"], vols=[30], use_channels=ONE)
        await plates.lh.dispense(plates.plate["A1"], vols=[30], use_channels=ONE)
        names = await standing(feature)
        assert names == {"1": "tips", "3": "trough", "5": "tower", "6": "plate"}
        await plates.lh.discard_tips()

    on_robot(test)


def test_an_open_session_of_somebody_is_left_alone(
    on_robot: Callable[[Test], list[dict[str, Any]]], server: ServerProcess
) -> None:
    with connect(f"127.0.0.1:{server.port}", certificate=server.ca_file) as client:
        client.atomic_liquid_handling.open_session().result(60)
        with pytest.raises(RuntimeError, match="session close"):
            on_robot(lambda plates: asyncio.sleep(0))
        assert client.atomic_liquid_handling.session.get()[0].state == "Ready"


def test_a_thermocycler_runs_a_pcr_profile(robot: SimulatorProcess, server: ServerProcess) -> None:
    robot.control("speed", speed="fast")
    serial = str(robot.control("module", model="thermocyclerModuleV2")["serial"])
    backend = SilaThermocyclerBackend(f"127.0.0.1:{server.port}", certificate=server.ca_file)
    cycler = Thermocycler("cycler", 127.0, 85.0, 98.0, backend=backend, child_location=Coordinate.zero())

    async def program() -> None:
        await cycler.setup()
        await cycler.open_lid()
        with pytest.raises(errors.DeckUnsafe):
            await cycler.run_pcr_profile([60.0], 1, [50.0], 0, [55.0], 0, 2, 25.0, [40.0])
        await cycler.close_lid()
        await cycler.run_pcr_profile([60.0], 1, [50.0], 0, [55.0], 0, 2, 25.0, [40.0])
        assert await cycler.is_profile_running()
        assert (await cycler.get_total_cycle_count(), await cycler.get_total_step_count()) == (2, 3)
        await cycler.wait_for_profile_completion(poll_interval=0.1)
        assert await cycler.get_block_target_temperature() == [55.0]
        await cycler.deactivate_block()
        await cycler.deactivate_lid()
        await cycler.stop()

    try:
        asyncio.run(program())
    finally:
        robot.control("unplug", serial=serial)
