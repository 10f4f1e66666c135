"""One process of the server over a robot in memory, with the arm's point of view."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.labware_transfer.labware_transfer import LabwareTransfer, TransferPolicy
from sila_ot2.driver.labware_transfer.parking import GantryParking
from sila_ot2.driver.ownership.handovers import HandoverPhase
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck
from sila_ot2.store.deck_slots import DeckSlotStore
from sila_ot2.store.handovers import Direction
from sila_ot2.store.labware_definitions import DefinitionStore
from tests.fakes.session_server import NEVER, PLATE, SessionServer, serve
from tests.fakes.tip_robot import TipRobot

IN, OUT = Direction.INPUT, Direction.OUTPUT
DECK = "Deck"


def deck_of(server: SessionServer) -> KnownDeck:
    """Return what this server knows of its deck."""
    return KnownDeck(DeckSlotStore(server.parts.engine), server.parts.stock, server.parts.handovers)


def transfer_of(server: SessionServer, deck: KnownDeck | None = None) -> LabwareTransfer:
    """Return what hands labware over in this server."""
    return LabwareTransfer(
        server.session,
        server.parts.handovers,
        GantryParking(server.parts.robot.client(), server.session, server.parts.safety_stop, server.uncertain_tips),
        DefinitionLibrary(DefinitionStore(server.parts.engine)),
        server.parts.ownership,
        (deck or deck_of(server)).slots,
        policy=TransferPolicy((DECK, "ot2_left"), 120, ("10", "11")),
    )


class Site:
    """One process of the server, to and from whose deck an arm brings labware."""

    def __init__(self, robot: TipRobot, state: Path) -> None:
        self.server: SessionServer = serve(robot, state)
        self.robot = robot
        self.handovers = self.server.parts.handovers
        self.deck = deck_of(self.server)
        self.transfer = transfer_of(self.server, self.deck)
        self.server.parts.ownership.current.subscribe(self.transfer.follow_owner)

    def prepare(self, direction: Direction, slot: int, labware_type: str = "", **more: Any) -> None:
        self.transfer.prepare(direction, (DECK, slot), slot, labware_type, "plate 7", cancelled=NEVER, **more)

    def complete(self, direction: Direction, slot: int) -> None:
        self.transfer.complete(direction, (DECK, slot), cancelled=NEVER)

    def deliver(self, slot: int, labware_type: str = PLATE) -> None:
        self.prepare(IN, slot, labware_type)
        self.complete(IN, slot)

    @property
    def phase(self) -> HandoverPhase | None:
        pending = self.handovers.pending.value
        return pending.phase if pending else None

    @property
    def sent(self) -> list[str]:
        """The types of all commands that the robot has been sent."""
        return [command["commandType"] for commands in self.robot.commands.values() for command in commands]

    def on_deck(self) -> dict[str, str]:
        """What the session has, by slot."""
        return {one.location: one.load_name for one in self.server.session.deck_state.value.labware.values()}


def open_session(site: Site) -> None:
    site.server.session.open(cancelled=NEVER)
