"""Which pipettes hold a tip, as far as the commands of a run tell: the OT-2 has no sensor for it."""

from __future__ import annotations

from collections import Counter

from sila_ot2.robot import wire
from sila_ot2.store.runs import MountTip, TipState

_DROPS = frozenset({"dropTip", "dropTipInPlace", "unsafe/dropTipInPlace"})


class TipLedger:
    """Follows the commands of one run."""

    def __init__(self) -> None:
        self._picked_up: Counter[str] = Counter()
        self._attached: dict[str, TipState] = {}

    def take(self, command: wire.Command) -> None:
        """Take over a command that has ended, or was under way when the robot was lost."""
        pipette = str(command.params.get("pipetteId", ""))
        if command.command_type == "pickUpTip":
            if command.status == "succeeded":
                self._picked_up[pipette] += 1
                self._attached[pipette] = "Tip"
            elif command.status != "queued" and command.started_at is not None:
                self._attached[pipette] = "Unknown"
        elif command.command_type in _DROPS:
            if command.status == "succeeded":
                self._attached[pipette] = "NoTip"
            elif command.status != "queued" and command.started_at is not None:
                self._attached[pipette] = "Unknown"
        elif command.command_type == "loadPipette" and command.status == "succeeded":
            self._attached.setdefault(pipette, "NoTip")

    def states(self, run: wire.Run) -> tuple[MountTip, ...]:
        """Return what each pipette of the run holds."""
        return tuple(
            MountTip(mount=pipette.mount, state=self._attached.get(pipette.id, "NoTip")) for pipette in run.pipettes
        )

    def used(self, run: wire.Run) -> int:
        """Return how many tips were picked up; a multi-channel pipette takes eight at a time."""
        multi = {pipette.id for pipette in run.pipettes if "multi" in pipette.pipette_name}
        return sum(count * (8 if pipette in multi else 1) for pipette, count in self._picked_up.items())
