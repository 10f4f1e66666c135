"""Which tips the runs on the robot have left behind: read from the commands of each run that has ended.

When a run has ended (by this server, another client or a restart), its list of commands is final. Each run is examined
once; which runs have been is kept on disk, so that what happened while this server did not run is not missed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from sila_ot2.driver.deck.state.pipettes import MOUNTS, Mount
from sila_ot2.driver.ownership.owner import ForeignOwner, Owner
from sila_ot2.driver.tracking.left_behind.maintenance_tips import MAINTENANCE
from sila_ot2.driver.tracking.status.run_status import was_played
from sila_ot2.driver.tracking.tips.tips import tips_in
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.errors import OT2Fault, RobotBusy, RobotFaulty, RobotRefused, RunNotFound, StorageFull, TipAlreadyAttached
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.runs import MountTip, RunRecord
from sila_ot2.store.uncertain_tips import BEGUN, UncertainTipStore
from sila_ot2.store.write_down import write_down
from sila_ot2.subscribers import Subscribers

log = logging.getLogger(__name__)

Collect = Callable[[str], RunRecord | None]
"""Returns the record of a run that has ended, None if it has not; raises RunNotFound."""


class TipsLeftBehind:
    """One per robot; safe to use from any thread."""

    def __init__(
        self, robot: RobotClient, uncertain_tips: UncertainTips, store: UncertainTipStore, collect: Collect
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: whose runs are examined.
            uncertain_tips: called with each tip that a run has left behind.
            store: keeps which runs have been examined.
            collect: reads a run that has ended, to its last command.
        """
        self._robot = robot
        self._uncertain_tips = uncertain_tips
        self._store = store
        self._collect = collect
        self._noting = threading.RLock()
        self._ending_without_tip: set[str] = set()
        self._unwritten: set[str] = set()
        """Runs that could not be noted when they were created."""
        self._concluded: set[str] = set()
        """Runs that have been examined and could not be noted so: what somebody has settled since stays so."""
        self._open: set[str] = set()
        """Runs that were current and have not been examined since: one may end before it was read once."""
        self._followed: tuple[str, bool] | None = ("not read yet", False)
        self.on_list: Subscribers[wire.RunList] = Subscribers()
        """Called with each list of the robot's runs that is read to examine what has ended."""
        self.on_unreadable: Subscribers[str] = Subscribers()
        """Called with each run that has ended and whose commands cannot be read."""

    def follow(self, current: wire.Run | None) -> None:
        """Use a reading of the current run: when another is current, or it has ended, examine what has ended.

        Raises:
            RobotUnreachable: the robot does not answer; the next call goes on.
        """
        seen = (current.id, current.status in wire.ENDED_RUN_STATUSES) if current is not None else None
        with self._noting:
            left = self._open - {current.id if current is not None else ""}
        if seen != self._followed or left:
            if current is not None:
                self.open(current.id)  # by now the robot may have lost it
            self.examine()
            self._followed = seen

    def read_anew(self) -> None:
        """Examine with the next reading in any case: the robot was out of reach."""
        self._followed = ("not read yet", False)

    def forget(self, reason: str) -> None:
        """Know of no run any more, and doubt what the pipettes hold until somebody has looked: the robot is another."""
        self._uncertain_tips.settle(MOUNTS)
        self._uncertain_tips.add(MOUNTS, reason)
        self._store.forget_runs()
        with self._noting:
            self._unwritten.clear()
            self._open.clear()
        self.read_anew()

    def open(self, run_id: str) -> None:
        """Note a run that has been created, so that its end is examined even if the robot has lost it by then."""
        with self._noting:
            self._open.add(run_id)
            self._unwritten.add(run_id)
            if self._note([run_id], examined=False):
                self._unwritten.discard(run_id)

    @contextmanager
    def ending_without_tip(self, run_id: str) -> Iterator[None]:
        """While a run of ours is ended that is known to hold no tip: its end is then not examined.

        What somebody has stated about its tips counts; its list of commands does not have that.
        """
        with self._noting:
            self._ending_without_tip.add(run_id)
        try:
            yield
            with self._noting:
                self._note_concluded(run_id)
        finally:
            with self._noting:
                self._ending_without_tip.discard(run_id)
            self.read_anew()

    def note(self, record: RunRecord) -> None:
        """Take over how a run has ended; a run that has been examined is passed over."""
        if record.restarted:
            self._unreadable(record.start.run_id, "The robot restarted during that run.")
        else:
            self._take(record.start.run_id, record.final_tips)

    def examine(self) -> None:
        """Read every run that has ended since the last time; what they have left on the pipettes is in doubt.

        Raises:
            RobotUnreachable: the robot does not answer; what has not been read is read the next time.
            StorageFull: what was read cannot be written down; it is read the next time.
        """
        with self._noting:  # before the robot is asked: what is noted must be in its list
            noted = {**dict.fromkeys(self._unwritten, False), **self._store.runs()}
        listed = self._robot.runs()
        self.on_list.fire(listed)
        if BEGUN not in noted:
            noted = {**noted, **self._begin(listed)}
        for run in listed.runs:
            if noted.get(run.id):
                continue
            if run.id == listed.current_id and run.status not in wire.ENDED_RUN_STATUSES:
                self.open(run.id)
            else:
                self._examine(run)
        there = {listed.current_id, *(run.id for run in listed.runs)}
        for run_id, examined in noted.items():
            if not examined and run_id not in there and not run_id.startswith(MAINTENANCE):
                self._unreadable(run_id, "The robot no longer has it: it restarted, or another client deleted it.")
        with self._noting:
            self._open -= {run_id for run_id, examined in self._store.runs().items() if examined}

    def require_no_doubt(self) -> None:
        """Return if no pipette is in doubt, by what has been examined.

        Raises:
            NotReconciled: one is; nothing moved.
        """
        self._uncertain_tips.require_none()

    def require_displaceable(self, owner: Owner) -> None:
        """Return if a run of another client that was never played holds no tip, so that it may be displaced.

        Raises:
            RobotBusy: it holds one, which the robot would forget.
            OT2Fault: its commands cannot be read.
        """
        if isinstance(owner, ForeignOwner) and owner.status not in wire.ENDED_RUN_STATUSES:
            try:
                self.require_no_tip(self._robot.run(owner.run_id))
            except TipAlreadyAttached as held:
                raise RobotBusy.of(
                    held,
                    before="Another client has set up a run.",
                    remedy=f"{held.remedy} Or call ReleaseRun with Force, and see to the tip afterwards.",
                ) from held

    def require_no_tip(self, run: wire.Run) -> None:
        """Return if a run that has not ended holds no tip; it waits for no other request.

        Raises:
            TipAlreadyAttached: it holds one, which the robot would forget.
            OT2Fault: its commands cannot be read.
        """
        if held := [tip.mount for tip in tips_in(self._robot, run, interrupt=True) if tip.state != "NoTip"]:
            raise TipAlreadyAttached(
                f"Run {run.id} holds a tip on the {' and the '.join(held)} pipette, which the robot would forget "
                "with the end of that run: the next one would travel too low.",
                "Drop the tip in that run first.",
            )

    def _begin(self, listed: wire.RunList) -> Mapping[str, bool]:
        """Note the runs that do not matter any more: those before the last one that was played and has settled."""
        ids = [run.id for run in listed.runs]
        settled = [
            run.id for run in listed.runs if run.status in wire.ENDED_RUN_STATUSES and run.ok and was_played(run)
        ]
        older = [BEGUN, *(ids[: ids.index(settled[-1])] if settled else ())]
        self._note(older, examined=True)
        return dict.fromkeys(older, True)

    def _examine(self, run: wire.Run) -> None:
        try:
            record = self._collect(run.id)
            if record is None:  # not current any more, though the robot does not say that it has ended
                self._take(run.id, tips_in(self._robot, run))
            else:
                self.note(record)
        except StorageFull:  # the robot can be read: it is examined again
            raise
        except RunNotFound:
            self._unreadable(run.id, "The robot no longer has it.")
        except (RobotRefused, RobotFaulty) as fault:
            self._unreadable(run.id, f"Its commands cannot be read: {fault.explanation}")

    def _take(self, run_id: str, tips: Iterable[MountTip]) -> None:
        left = {tip.mount: tip.state for tip in tips}
        on = [mount for mount in MOUNTS if left.get(mount) == "Tip"]
        unsure = self._equipped([mount for mount in MOUNTS if left.get(mount) == "Unknown"])
        self._conclude(
            run_id,
            (on, f"Run {run_id} ended with a tip on it, which the robot has forgotten."),
            (unsure, f"It is not known whether run {run_id} left a tip on it."),
        )

    def _unreadable(self, run_id: str, why: str) -> None:
        if not self._store.runs().get(run_id):
            self.on_unreadable.fire(run_id)
        self._conclude(run_id, (self._equipped(MOUNTS), f"What run {run_id} left on it cannot be read. {why}"))

    def _conclude(self, run_id: str, *uncertain_tips: tuple[Sequence[Mount], str]) -> None:
        with self._noting:
            if run_id in self._ending_without_tip or self._store.runs().get(run_id):
                return
            if run_id not in self._concluded:
                kept = [self._uncertain_tips.add(mounts, reason) for mounts, reason in uncertain_tips]
                if not all(kept):  # it is examined again
                    return
            self._note_concluded(run_id)

    def _note_concluded(self, run_id: str) -> None:
        """Note that nothing is to be concluded about a run any more; by the next one if this is not possible now."""
        self._open.discard(run_id)
        self._concluded.add(run_id)
        if self._note([run_id], examined=True):
            self._concluded.discard(run_id)
            self._unwritten.discard(run_id)

    def _note(self, run_ids: Sequence[str], *, examined: bool) -> bool:
        what = f"What is known of the runs {', '.join(run_ids)}"
        return write_down(partial(self._store.note_runs, run_ids, examined=examined), what)

    def _equipped(self, mounts: Sequence[Mount]) -> Sequence[Mount]:
        """Return those of the mounts that have a pipette, as far as the robot tells."""
        if not mounts:
            return mounts
        try:
            attached = {pipette.mount for pipette in self._robot.pipettes()}
        except OT2Fault:
            return mounts
        return [mount for mount in mounts if mount in attached]
