"""Which pipettes hold a tip, as far as the commands of a run tell: the OT-2 has no sensor for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sila_ot2.driver.deck.state.pipettes import MOUNTS
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.pages import pages
from sila_ot2.store.runs import MountTip, TipState

DROPS = frozenset({"dropTip", "dropTipInPlace", "unsafe/dropTipInPlace"})
"""Commands that eject a tip."""
PAGE = 200
"""Commands read at once."""


class TipLedger:
    """Follows the commands of one run."""

    def __init__(self) -> None:
        self._picked_up: Counter[str] = Counter()
        self._attached: dict[str, TipState] = {}
        self._believed: set[str] = set()
        """Pipettes that the run itself takes to hold a tip."""

    def take(self, command: wire.Command) -> None:
        """Take over a command that has ended, or was under way when the robot was lost."""
        pipette = str(command.params.get("pipetteId", ""))
        if command.command_type == "pickUpTip":
            if command.status == "succeeded":
                self._picked_up[pipette] += 1
                self._attached[pipette] = "Tip"
                self._believed.add(pipette)
            elif _was_begun(command):
                self._attached[pipette] = "Unknown"
        elif command.command_type in DROPS:
            if command.status == "succeeded":
                self._attached[pipette] = "NoTip"
                self._believed.discard(pipette)
            elif _was_begun(command):
                self._attached[pipette] = "Unknown"
        elif command.command_type == "loadPipette" and command.status == "succeeded":
            self._attached.setdefault(pipette, "NoTip")

    def states(self, run: wire.Run) -> tuple[MountTip, ...]:
        """Return what each pipette of the run holds; a tip on a pipette that the run does not name may be anywhere."""
        return self.states_of(run.pipettes)

    def states_of(self, pipettes: Sequence[wire.LoadedPipette]) -> tuple[MountTip, ...]:
        """Return what each of a run's pipettes holds, as `states`."""
        named = {pipette.id for pipette in pipettes}
        if any(state != "NoTip" for pipette, state in self._attached.items() if pipette not in named):
            return unknown_tips(pipettes)
        return tuple(
            MountTip(mount=pipette.mount, state=self._attached.get(pipette.id, "NoTip")) for pipette in pipettes
        )

    def believed(self, run: wire.Run) -> tuple[str, ...]:
        """Return the mounts that the run itself takes to hold a tip: those it drops when it ends after it was played.

        A tip whose pick-up was interrupted is not among them, one whose drop was interrupted is (hardware stopper of
        the engine, 8.1.0 and 9.0.0).
        """
        return tuple(pipette.mount for pipette in run.pipettes if pipette.id in self._believed)

    def used(self, run: wire.Run) -> int:
        """Return how many tips were picked up; a multi-channel pipette takes eight at a time."""
        multi = {pipette.id for pipette in run.pipettes if "multi" in pipette.pipette_name}
        return sum(count * (8 if pipette in multi else 1) for pipette, count in self._picked_up.items())


def _was_begun(command: wire.Command) -> bool:
    """Whether the pipette may have moved for a command that did not succeed.

    The errors of a protocol do not tell the engine's own checks from what the hardware raises.
    """
    return command.status != "queued" and command.started_at is not None


def unknown_tips(pipettes: Sequence[wire.LoadedPipette]) -> tuple[MountTip, ...]:
    """Return what is known of the tips of a run with these pipettes whose commands cannot be read: nothing."""
    mounts = [pipette.mount for pipette in pipettes] or MOUNTS
    return tuple(MountTip(mount=mount, state="Unknown") for mount in mounts)


def tips_in(robot: RobotClient, run: wire.Run, *, interrupt: bool = False) -> tuple[MountTip, ...]:
    """Read from the robot what each pipette of a run that has not ended holds; `interrupt` as of `commands_of`.

    Raises:
        OT2Fault: the commands of the run cannot be read.
    """
    ledger = TipLedger()
    for command in commands_of(robot, run.id, interrupt=interrupt):
        ledger.take(command)
    return ledger.states(run)


def commands_of(robot: RobotClient, run_id: str, *, interrupt: bool = False) -> Iterator[wire.Command]:
    """Read the commands of a run, page by page, without their results.

    Args:
        robot: whose run it is.
        run_id: the run.
        interrupt: use connections of its own, which wait for nothing else.

    Raises:
        OT2Fault: they cannot be read.
    """
    for commands in pages(lambda cursor: robot.commands(run_id, cursor=cursor, page_length=PAGE, interrupt=interrupt)):
        yield from commands
