"""Labware and pipettes that are loaded into the session by their names."""

from __future__ import annotations

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.deck.slots import loading
from sila_ot2.driver.deck.slots.conflicts import conflict_on
from sila_ot2.driver.deck.state.command_results import result_member
from sila_ot2.driver.deck.state.labware import OFF_DECK
from sila_ot2.driver.deck.state.pipettes import Mount
from sila_ot2.driver.session.session import Session
from sila_ot2.errors import SlotNotAvailable
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient


class SessionLoading:
    """One per robot. Callers hold the turn."""

    def __init__(self, robot: RobotClient, session: Session, library: DefinitionLibrary) -> None:
        """Connect it to its robot.

        Args:
            robot: whose pipettes are read.
            session: into which is loaded.
            library: custom labware that is defined when it is loaded.
        """
        self._robot = robot
        self._session = session
        self._library = library

    def load_labware(
        self, load_name: str, namespace: str, version: int, location: str, display_name: str, *, cancelled: Cancellation
    ) -> list[wire.Command]:
        """Load labware; without namespace or version, of the definition sent under this name, or else Opentrons' first.

        Custom labware of the library that the session does not know yet is defined first.

        Raises:
            SlotNotAvailable, LocationUnknown: the location cannot take it.
            LabwareDefinitionNotFound: the robot does not know the definition.
        """
        defined = self._session.definition_of(load_name, namespace, version)
        if defined is None and (kept := self._library.to_define(load_name, namespace, version)) is not None:
            self._session.define_labware(kept, cancelled=cancelled)
            defined = self._session.definition_of(load_name, namespace, version)
        known = defined or {"namespace": "opentrons", "version": 1}
        namespace, version = namespace or known["namespace"], version or known["version"]
        plan = loading.load_labware(load_name, namespace, version, location, display_name)
        commands = self._session.perform("LoadLabware", plan, cancelled=cancelled)
        if (conflict := conflict_on(self._session.deck_state.value)) is not None:
            labware_id = str(result_member(commands[-1], "labwareId"))
            self._session.perform("LoadLabware", loading.move_labware(labware_id, OFF_DECK), cancelled=Cancellation())
            raise SlotNotAvailable(f"The labware is not on the deck: {conflict}.", "Choose another location.")
        return commands

    def load_pipette(self, mount: Mount, *, cancelled: Cancellation) -> tuple[str, list[wire.Command]]:
        """Load the pipette attached to a mount, unless it is loaded; returns its identifier.

        Raises:
            PipetteMissing: none is attached.
        """
        plan = loading.load_attached_pipette(mount, self._robot.pipettes)
        commands = self._session.perform("LoadPipette", plan, cancelled=cancelled)
        return self._session.deck_state.value.pipettes[mount].pipette_id, commands
