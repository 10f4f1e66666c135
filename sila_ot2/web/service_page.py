"""The camera, the lights, the log of the server, and its certificate."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from nicegui import ui

from sila_ot2.web import sentences, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.elements import box, button, link, text
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.layout import path_of
from sila_ot2.web.times import local_time
from sila_ot2.web.watched_robot import WatchedRobot

LOG_LINES = 200
"""Newest lines of the server's log that are shown."""


BLINK_S = 10.0


class ServicePage:
    """What is seldom needed."""

    def __init__(self, robot: WatchedRobot, person: Person, _query: Mapping[str, str]) -> None:
        self._robot, self._person = robot, person
        text("h1", texts.SERVICE)
        if not person.may_control:
            text("p", texts.LOG_IN_TO_CONTROL if person.can_log_in else texts.READ_ONLY_REMEDY, "muted")
        with box(classes="columns"):
            with box("section", "panel"):
                text("h2", texts.CAMERA)
                self._picture = box("img", "deck")
                self._picture.props["alt"] = texts.PICTURE_ALT
                self._picture.set_visibility(False)
                self._taken = text("p", classes="muted")
                if person.may_control:
                    button(texts.TAKE_PICTURE, "photo_camera", self._take)
            with box():
                if person.may_control:
                    with box("section", "panel"):
                        text("h2", texts.LIGHTS)
                        with box(classes="controls"):
                            self._lights = button(texts.LIGHTS_ON, "light_mode", self._switch)
                            button(texts.BLINK, "lightbulb", self._blink)
                with box("section", "panel"):
                    text("h2", texts.CERTIFICATE)
                    text("p", texts.CERTIFICATE_WHY)
                    link(texts.DOWNLOAD, path_of(robot.address, "certificate"))
        if person.may_control:
            with box("section", "panel below"):
                text("h2", texts.SERVER_LOG)
                button(texts.SHOW_LOG, "article", self._show_log)
                self._log = text("pre", classes="log").props('tabindex="0"')
                self._log.set_visibility(False)
            self.update(robot.facts)
            ui.context.client.on_delete(robot.listen(self.update))

    def update(self, known: RobotFacts) -> None:
        """Show what is known now."""
        self._lights.set_text(texts.LIGHTS_OFF if known.rail_lights else texts.LIGHTS_ON)

    async def _take(self) -> None:
        async def take() -> str:
            taken = await (await self._person.client(self._robot).camera_service.take_picture())
            self._picture.props["src"] = f"data:image/jpeg;base64,{base64.b64encode(taken.picture).decode()}"
            self._picture.set_visibility(True)
            self._taken.set_text(local_time(taken.taken_at))
            return texts.PICTURE_TAKEN

        await self._person.perform(texts.TAKE_PICTURE, take)

    async def _switch(self) -> None:
        async def switch() -> str:
            await self._person.client(self._robot).device_lighting.set_rail_lights(not self._robot.facts.rail_lights)
            return texts.LIGHTS_DONE

        await self._person.perform(texts.LIGHTS, switch)

    async def _blink(self) -> None:
        async def blink() -> str:
            await (await self._person.client(self._robot).device_lighting.blink_for_identification(BLINK_S))
            return texts.BLINK_DONE

        await self._person.perform(texts.BLINK, blink)

    async def _show_log(self) -> None:
        async def show() -> str:
            content = await (await self._person.client(self._robot).log_service.retrieve_server_log())
            lines = content.decode(errors="replace").splitlines()[-LOG_LINES:]
            self._log.set_text("\n".join(lines))
            self._log.set_visibility(True)
            return sentences.newest_lines(len(lines))

        await self._person.perform(texts.SHOW_LOG, show)
