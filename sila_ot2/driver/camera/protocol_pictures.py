"""Pictures that a protocol took itself: the robot deletes them with the run, so they are copied when it has ended."""

from __future__ import annotations

import logging

from sila_ot2.errors import OT2Fault
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.run_pictures import RunPictures

MOMENT = "protocol"

log = logging.getLogger(__name__)


class ProtocolPictures:
    """One per robot; reads the robot alone."""

    def __init__(self, robot: RobotClient, pictures: RunPictures) -> None:
        self._robot = robot
        self._pictures = pictures

    def copy(self, run_id: str) -> None:
        """Copy the pictures of a run that has ended into its record, oldest first; one that cannot be read is left out.

        Robots before release 8.8 take none, and are not asked.

        Raises:
            OT2Fault: the robot does not list the pictures.
            StorageFull: the disk is full; what was copied before is kept.
        """
        if not self._robot.release.can(Ability.RUN_PICTURES):
            return
        for picture in self._robot.run_images(run_id):
            try:
                content = self._robot.run_image(picture.id)
            except OT2Fault as fault:
                log.warning("The picture %s of run %s is not copied: %s", picture.filename, run_id, fault)
                continue
            self._pictures.keep(run_id, MOMENT, picture.created_at, content)
