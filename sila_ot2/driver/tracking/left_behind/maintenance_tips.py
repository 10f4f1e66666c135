"""Which tips a maintenance run of the Opentrons App leaves behind: they can be read only while it exists.

A maintenance run is never played, so that the robot forgets its tips when it ends, as those of a session. From then on
its commands cannot be read (recorded: maint_cmd_after_delete). It resets its hardware then, and forgets the tips of the
current run, too, which goes on as if it held them (engine 9.0.0).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sila_ot2.driver.deck.state.pipettes import MOUNTS, Mount
from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.driver.tracking.liquids.liquid_use import RunParts
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.tips import PAGE, TipLedger, tips_in
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.errors import OT2Fault, RobotUnreachable, RunNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.pages import pages
from sila_ot2.store.runs import MountTip, TipState
from sila_ot2.store.uncertain_tips import UncertainTipStore
from sila_ot2.store.write_down import write_down

log = logging.getLogger(__name__)

FRESH_S = 4.0
"""How long a reading is valid: moving to a tip and picking it up takes longer, and is seen before it ends."""
MAINTENANCE = "maintenance run "
"""Before the identifier, where the store keeps it beside those of runs."""

_SAID: Mapping[TipState, str] = {
    "Tip": "with a tip on it, which the robot has forgotten.",
    "Unknown": "while a tip was picked up or dropped.",
}


@dataclass(frozen=True)
class _Reading:
    run_id: str
    tips: tuple[MountTip, ...] | None
    """None: its commands could not be read."""
    at_s: float


class MaintenanceTips:
    """One per robot; safe to use from any thread. No lock is held while the robot is asked."""

    def __init__(
        self,
        robot: RobotClient,
        uncertain_tips: UncertainTips,
        store: UncertainTipStore,
        stock: TipStock,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: whose maintenance runs are followed.
            uncertain_tips: called with each tip that one has left behind.
            store: keeps which one was there last, beyond the end of this server.
            stock: the tips on the deck.
            monotonic: the clock.
        """
        self._robot = robot
        self._uncertain_tips = uncertain_tips
        self._store = store
        self._stock = stock
        self._monotonic = monotonic
        self._noting = threading.Lock()
        self._last: _Reading | None = None
        self._unnoted: set[str] = set()
        """Those that have been concluded about, and could not be noted so."""
        self._open = {name.removeprefix(MAINTENANCE) for name, examined in store.runs().items() if not examined
                      and name.startswith(MAINTENANCE)}  # fmt: skip
        """Those that have been seen and not been concluded about, also by an earlier process."""

    def follow(self, work: AppWork | None) -> None:
        """Use a reading of what the App does: read the tips of a maintenance run, and conclude about one that is gone.

        Raises:
            RobotUnreachable: the robot does not answer.
        """
        run_id = work.id if work is not None and work.kind == "maintenance run" else None
        self._conclude_all_but(run_id)
        if run_id is None:
            return
        at_s = self._monotonic()
        with self._noting:
            if self._last is None or self._last.run_id != run_id:
                self._last = _Reading(run_id, None, at_s)
                self._open.add(run_id)
                self._note(MAINTENANCE + run_id, examined=False)
        try:
            tips = self._read(run_id)
        except RobotUnreachable:
            raise
        except RunNotFound:  # gone in this moment: what was read before is concluded from with the next reading
            return
        except OT2Fault as fault:
            log.warning("The commands of maintenance run %s cannot be read: %s", run_id, fault)
            tips = None
        with self._noting:
            if self._last is not None and self._last.run_id == run_id and at_s >= self._last.at_s:
                self._last = _Reading(run_id, tips, at_s)

    def _read(self, run_id: str) -> tuple[MountTip, ...]:
        run = self._robot.maintenance_run()
        if run is None or run.id != run_id:
            raise RunNotFound(f"Maintenance run {run_id} is not current any more.")
        parts = RunParts({pipette.id: pipette.pipette_name for pipette in run.pipettes})
        ledger = TipLedger()
        for commands in pages(lambda cursor: self._robot.maintenance_commands(run_id, cursor=cursor, page_length=PAGE)):
            for command in commands:
                ledger.take(command)
            ended = [command for command in commands if command.status in wire.ENDED_COMMAND_STATUSES]
            write_down(partial(self._stock.take, MAINTENANCE + run_id, ended, parts), "What became of its tips")
        return ledger.states_of(run.pipettes)

    def _conclude_all_but(self, run_id: str | None) -> None:
        with self._noting:
            last, gone = self._last, self._open - {run_id}
        for other in gone:
            reading = last if last is not None and last.run_id == other else None
            if other in self._unnoted or self._conclude(MAINTENANCE + other, reading):
                self._unnoted.add(other)
                if self._note(MAINTENANCE + other, examined=True):
                    self._close(other, reading)

    def _close(self, run_id: str, reading: _Reading | None) -> None:
        """Forget a run that has been concluded about, unless another thread has read it since.

        Until then each thread concludes by itself before it decides anything: the same conclusion does no harm.
        """
        with self._noting:
            self._unnoted.discard(run_id)
            if self._last is None or self._last.run_id != run_id:
                self._open.discard(run_id)
            elif self._last is reading:
                self._open.discard(run_id)
                self._last = None

    def _conclude(self, name: str, reading: _Reading | None) -> bool:
        """Doubt what a run that is gone may have left on; returns whether all of it is written down."""
        if reading is None or reading.tips is None or self._monotonic() - reading.at_s > FRESH_S:
            why = f"The {name} of the Opentrons App has ended, and what it left on it could not be read in time."
            written = self._uncertain_tips.add(self._equipped(), why)
            self._stock.lose(name)
        else:
            written = self._doubt_current_run(name)
            if any(tip.state == "Unknown" for tip in reading.tips):
                self._stock.lose(name)
            for state, said in _SAID.items():
                held = {tip.mount for tip in reading.tips if tip.state == state}
                mounts = [mount for mount in MOUNTS if mount in held]
                written &= self._uncertain_tips.add(mounts, f"The {name} of the Opentrons App ended {said}")
        return written

    def _doubt_current_run(self, name: str) -> bool:
        """Doubt the tips of a current run that was never played; returns whether that is written down.

        Raises:
            RobotUnreachable: the robot does not answer.
        """
        try:
            run_id = self._robot.current_run_id()
            run = self._robot.run(run_id) if run_id is not None else None
            tips = tips_in(self._robot, run) if run is not None and run.status == "idle" else ()
        except RunNotFound:  # a half-created one
            return True
        except RobotUnreachable:
            raise
        except OT2Fault as fault:
            why = f"The {name} of the Opentrons App has ended, and what the current run holds cannot be read: {fault}"
            return self._uncertain_tips.add(self._equipped(), why)
        on = {tip.mount for tip in tips if tip.state != "NoTip"}
        held = [mount for mount in MOUNTS if mount in on]
        why = f"The {name} of the Opentrons App has ended, with which the robot forgot the tip that run {run_id} holds."
        return self._uncertain_tips.add(held, why)

    def _note(self, name: str, *, examined: bool) -> bool:
        return write_down(partial(self._store.note_runs, [name], examined=examined), f"What is known of {name}")

    def _equipped(self) -> Sequence[Mount]:
        """Return the mounts that have a pipette, as far as the robot tells."""
        try:
            attached = {pipette.mount for pipette in self._robot.pipettes()}
        except OT2Fault:
            return MOUNTS
        return [mount for mount in MOUNTS if mount in attached]
