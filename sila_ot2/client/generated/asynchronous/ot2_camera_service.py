"""The feature OT2CameraService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_camera_service import (
    LIST_RUN_PICTURES,
    RETRIEVE_RUN_PICTURE,
    TAKE_PICTURE,
    RunPicture,
    TakePictureResponses,
)


class AsyncOT2CameraService(Feature[AsyncLink]):
    """Takes pictures of the deck with the camera of the robot, and gives out the pictures that were taken of runs.
    Taking a picture moves nothing, and is possible at any time, also during a run. Robots from release 8.8 on have
    their camera switched off until somebody switches it on in the Opentrons App; this server does not do that.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2CameraService/v1"

    async def take_picture(self, *, lights_on: bool = True) -> AsyncExecution[TakePictureResponses, None]:
        """Takes a picture of the deck, which lasts about a second. If lights are wanted, the rail lights are on during
        the picture, and afterwards as they were before. Nothing moves. Cancel ends the command without a picture
        while it waits for another picture; a picture that is being taken is completed.

        Args:
            lights_on: Whether to have the rail lights on during the picture.

        The result of the execution:
            picture: The picture.
            taken_at: When it was taken, by the clock of the server.

        Errors: CameraDisabled, RobotUnreachable, RobotRejected, RobotFaulty, CommandCancelled.
        """
        return AsyncExecution(self._link, TAKE_PICTURE, await self._link.start(TAKE_PICTURE, (lights_on,)))

    async def list_run_pictures(self, run_identifier: str) -> list[RunPicture]:
        """Lists the pictures that were taken of a run of this server, by the setting camera.run_pictures. They are
        kept as long as the record of the run. The list is empty if there are none. Nothing is asked of the robot.

        Args:
            run_identifier: The run.

        Returns:
            run_pictures: The pictures, in the order in which they were taken.

        Errors: RunNotFound.
        """
        return await self._link.command(LIST_RUN_PICTURES, (run_identifier,))

    async def retrieve_run_picture(self, run_identifier: str, number: int) -> bytes:
        """Returns a picture of a run. Nothing is asked of the robot.

        Args:
            run_identifier: The run.
            number: The number of the picture, from List Run Pictures. At least 1.

        Returns:
            picture: The picture.

        Errors: RunNotFound, PictureNotFound.
        """
        return await self._link.command(
            RETRIEVE_RUN_PICTURE,
            (
                run_identifier,
                number,
            ),
        )
