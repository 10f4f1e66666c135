"""What is on the deck and on the mounts, loaded into the session's run."""

from __future__ import annotations

import threading

from sila_ot2.driver.deck import loading
from sila_ot2.driver.deck.labware_definition import read_definition
from sila_ot2.driver.deck.pipettes import Mount
from sila_ot2.driver.session.session import Session
from sila_ot2.errors import PipetteMissing
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient


class SessionSetup:
    """One per robot; nothing here moves it, except that a session may have to be opened first."""

    def __init__(self, session: Session, robot: RobotClient) -> None:
        self._session = session
        self._robot = robot

    def load_labware(
        self,
        load_name: str,
        namespace: str,
        version: int,
        location: str,
        display_name: str,
        *,
        cancelled: threading.Event,
    ) -> list[wire.Command]:
        """Load labware; without namespace or version, of the definition sent under this name, or else Opentrons' first.

        Raises:
            SlotNotAvailable, LocationUnknown: the location cannot take it.
            LabwareDefinitionNotFound: the robot does not know the definition.
        """
        defined = self._session.definition_of(load_name, namespace, version)
        plan = loading.load_labware(
            load_name,
            namespace or (defined["namespace"] if defined else "opentrons"),
            version or (defined["version"] if defined else 1),
            location,
            display_name,
        )
        return self._session.perform("LoadLabware", plan, cancelled=cancelled)

    def define_labware(self, content: bytes, *, cancelled: threading.Event) -> str:
        """Make a custom definition known to the session's run; returns its URI. The same one again does no harm.

        Raises:
            LabwareDefinitionInvalid: it is too large, no JSON, or no labware definition; nothing was sent.
        """
        return self._session.define(read_definition(content), cancelled=cancelled)

    def load_pipette(self, mount: Mount, *, cancelled: threading.Event) -> tuple[str, list[wire.Command]]:
        """Load the pipette attached to a mount, unless it is loaded; returns its identifier.

        Raises:
            PipetteMissing: none is attached.
        """
        self._session.ensure_open(cancelled=cancelled)
        attached = next((pipette for pipette in self._robot.pipettes() if pipette.mount == mount), None)
        if attached is None:
            raise PipetteMissing(
                f"No pipette is attached to the {mount} mount, as far as the robot knows. Nothing moved. Attach one, "
                f"and home the robot so that it looks again."
            )
        loaded = self._session.deck_state.value.pipettes.get(mount)
        if loaded is not None and loaded.name == attached.name:
            return loaded.pipette_id, []
        commands = self._session.perform("LoadPipette", loading.load_pipette(mount, attached.name), cancelled=cancelled)
        return self._session.deck_state.value.pipettes[mount].pipette_id, commands
