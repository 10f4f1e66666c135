"""Pictures of runs at the moments that the settings name, kept with the record of each run.

They are taken on a thread of their own: neither the reading of the robot nor a run waits for a picture.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Collection

from sila_ot2.driver.camera.camera import Camera
from sila_ot2.driver.camera.protocol_pictures import MOMENT, ProtocolPictures
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.tracking.status.run_status import PAUSED, RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.errors import OT2Fault
from sila_ot2.store.run_pictures import RunPictures

log = logging.getLogger(__name__)

MOST_WAITING = 10
"""Pictures that wait for the camera; more are not taken."""


class RunMoments:
    """One per robot; `start` and `stop` it once."""

    def __init__(
        self,
        camera: Camera,
        pictures: RunPictures,
        of_protocols: ProtocolPictures,
        state: Observable[RobotState],
        moments: Collection[str],
        *,
        lights_on: bool,
    ) -> None:
        """Prepare; nothing is taken before `start`.

        Args:
            camera: takes the pictures.
            pictures: keeps them.
            of_protocols: copies those that protocols took.
            state: the robot's state.
            moments: at which of start, pause, end and failure; and `protocol`: whether to copy those of protocols.
            lights_on: whether to have the rail lights on meanwhile.
        """
        self._camera = camera
        self._pictures = pictures
        self._of_protocols = of_protocols
        self._state = state
        self._moments = frozenset(moments)
        self._lights_on = lights_on
        self._due: queue.Queue[tuple[str, str] | None] = queue.Queue(MOST_WAITING)
        self._before: RunView | None = None
        self._thread = threading.Thread(target=self._take, name="pictures of runs", daemon=True)

    def start(self) -> None:
        """Take pictures from now on, if there is any moment for one."""
        if self._moments:
            self._thread.start()
            self._state.derive(lambda state: state.run).subscribe(self._note)

    def stop(self) -> None:
        """Take no more pictures; returns without waiting for the one under way."""
        if self._thread.is_alive():
            with self._due.mutex:
                self._due.queue.clear()
            self._due.put(None)

    def _note(self, run: RunView | None) -> None:
        before, self._before = self._before, run
        if run is None or run.start.origin != "ThisServer":
            return
        moment = moment_of(before if before is not None and before.run_id == run.run_id else None, run)
        if moment in ("end", "failure"):
            self._ask_for(run.run_id, MOMENT)
        if moment == "failure" and moment not in self._moments:
            moment = "end"
        self._ask_for(run.run_id, moment)

    def _ask_for(self, run_id: str, moment: str) -> None:
        if moment in self._moments:
            try:
                self._due.put_nowait((run_id, moment))
            except queue.Full:
                log.warning("No picture of the %s of run %s: the camera is too slow.", moment, run_id)

    def _take(self) -> None:
        while (due := self._due.get()) is not None:
            run_id, moment = due
            try:
                if moment == MOMENT:
                    self._of_protocols.copy(run_id)
                    continue
                picture = self._camera.take(lights_on=self._lights_on)
                self._pictures.keep(run_id, moment, picture.taken_at, picture.content)
            except (OT2Fault, OSError) as fault:
                log.warning("No picture of the %s of run %s: %s", moment, run_id, fault)


def moment_of(before: RunView | None, run: RunView) -> str:
    """Return which moment of a run has come; empty if none has.

    Args:
        before: as the run was seen before; None if this is the first time.
        run: as it is now.
    """
    if run.record is not None:
        if before is None or before.record is not None:
            return ""
        return "failure" if run.record.result == "Failed" else "end"
    if run.status in PAUSED:
        return "" if before is not None and before.status in PAUSED else "pause"
    was_waiting = before is None or before.status in (RunStatus.IDLE, RunStatus.STARTING)
    return "start" if run.status is RunStatus.RUNNING and was_waiting else ""
