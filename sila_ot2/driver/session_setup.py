"""What stands on the deck and hangs on the mounts, told to the session's run."""

from __future__ import annotations

import json
import threading

from sila_ot2.driver import deck_setup
from sila_ot2.driver.pipettes import Mount
from sila_ot2.driver.session import Session
from sila_ot2.errors import LabwareDefinitionInvalid, PipetteMissing
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

MAX_DEFINITION_BYTES = 2_000_000
"""The web server on the robot takes no more (its configuration in Opentrons/buildroot, March 2024)."""


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
        plan = deck_setup.load_labware(
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
        if len(content) > MAX_DEFINITION_BYTES:
            raise LabwareDefinitionInvalid(
                f"The definition has {len(content)} bytes; the robot takes at most {MAX_DEFINITION_BYTES}."
            )
        try:
            definition = json.loads(content)
        except ValueError as error:
            raise LabwareDefinitionInvalid(f"The definition is no JSON: {error}. Nothing was sent.") from error
        missing = _missing(definition)
        if missing:
            raise LabwareDefinitionInvalid(
                f"The definition lacks {', '.join(missing)}. Nothing was sent. Use a labware definition (schema 2), "
                f"as the Opentrons Labware Creator makes it."
            )
        return self._session.define(definition, cancelled=cancelled)

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
        loaded = self._session.record.value.pipettes.get(mount)
        if loaded is not None and loaded.name == attached.name:
            return loaded.pipette_id, []
        commands = self._session.perform(
            "LoadPipette", deck_setup.load_pipette(mount, attached.name), cancelled=cancelled
        )
        return self._session.record.value.pipettes[mount].pipette_id, commands


def _missing(definition: object) -> list[str]:
    """Return which of the parts that we and the robot rely on are not there."""
    if not isinstance(definition, dict):
        return ["an object at its top"]
    parameters = definition.get("parameters")
    parts = {
        "namespace": isinstance(definition.get("namespace"), str),
        "version": isinstance(definition.get("version"), int),
        "parameters.loadName": isinstance(parameters, dict) and isinstance(parameters.get("loadName"), str),
        "wells": isinstance(definition.get("wells"), dict) and bool(definition["wells"]),
        "ordering": isinstance(definition.get("ordering"), list),
    }
    return [part for part, there in parts.items() if not there]
