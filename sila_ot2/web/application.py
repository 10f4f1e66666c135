"""The pages and their addresses, and the web server that serves them."""

from __future__ import annotations

import asyncio
import gc
import math
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlencode

import nicegui
import uvicorn
from fastapi import FastAPI, Request
from nicegui import ui
from starlette.responses import RedirectResponse, Response

from sila_ot2.web import files, sentences, texts
from sila_ot2.web.access import SESSION_S, LogIns, TooManyAttempts, WrongPassword
from sila_ot2.web.actions import Person
from sila_ot2.web.deck_drawing import DeckDrawings
from sila_ot2.web.deck_page import DeckPage
from sila_ot2.web.elements import box, link, text
from sila_ot2.web.history_page import HistoryPage
from sila_ot2.web.layout import STYLE, frame, log_in_path, path_of, within
from sila_ot2.web.modules_page import ModulesPage
from sila_ot2.web.notes import Notes
from sila_ot2.web.origin import SameOrigin
from sila_ot2.web.overview import Overview
from sila_ot2.web.robot_page import RobotPage
from sila_ot2.web.robots import Robots
from sila_ot2.web.server_users import NoServerToAsk
from sila_ot2.web.service_page import ServicePage
from sila_ot2.web.setup_page import RunSetup
from sila_ot2.web.uploads import MOST_FILES, hand_on
from sila_ot2.web.watched_robot import WatchedRobot

COOKIE = "sila_ot2_session"
RECONNECT_S = 30.0
"""How long the page of a browser that has lost its connection is kept for it."""
KEPT_UPDATES = 200
"""How many updates are kept for such a browser, which loads the page anew if it has missed more."""
ENDED_S = 0.5
"""How often it is asked whether it is time to end."""
Build = Callable[[WatchedRobot, Person, Mapping[str, str]], object]
PARTS: dict[str, Build] = {
    "": RobotPage,
    "run": RunSetup,
    "deck": DeckPage,
    "modules": ModulesPage,
    "history": HistoryPage,
    "service": ServicePage,
}
"""What builds the parts of a robot's page, by the last part of the path."""


def serve(
    robots: Robots, access: LogIns, listening: socket.socket, *, certificate: Path | None, key: Path | None,
    ended: Callable[[], bool],
) -> None:  # fmt: skip
    """Serve the page until this process is asked to end.

    Args:
        robots: what it shows.
        access: who may do more than look.
        listening: the socket at which browsers connect.
        certificate: the file with the certificate (PEM); None does not encrypt.
        key: the file with its key.
        ended: whether it is time to end although nobody asked.
    """
    application = FastAPI(openapi_url=None)
    register(robots, access, encrypted=certificate is not None)
    nicegui.app.on_startup(robots.start)
    nicegui.app.on_shutdown(robots.stop)
    ui.run_with(
        application,
        title=texts.TITLE,
        dark=None,
        language="en-US",
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=RECONNECT_S,
        message_history_length=KEPT_UPDATES,
        show_welcome_message=False,
    )
    settings = uvicorn.Config(
        SameOrigin(application),
        log_level="warning",
        log_config=None,  # the log of this process takes its lines, too
        ssl_certfile=certificate,
        ssl_keyfile=key,
        ws_per_message_deflate=False,  # it would take memory for each browser, and time for each change
        timeout_graceful_shutdown=1,
        server_header=False,
        proxy_headers=False,
    )
    server = uvicorn.Server(settings)

    async def end_in_time() -> None:
        while not ended():
            await asyncio.sleep(ENDED_S)
        server.should_exit = True

    nicegui.app.on_startup(end_in_time)
    nicegui.app.on_startup(_settle)
    server.run(sockets=[listening])


def _settle() -> None:
    """Leave out of the garbage collection what stays for ever, so that it finds pages that have gone soon."""
    gc.collect()
    gc.freeze()


def register(robots: Robots, access: LogIns, *, encrypted: bool) -> None:
    """Make the pages known to NiceGUI."""
    notes, drawings = Notes(), DeckDrawings()
    ui.add_css(STYLE, shared=True)

    def person(request: Request) -> Person:
        return Person(access, request.cookies.get(COOKIE, ""), ui.context.client, notes, drawings)

    @nicegui.app.get("/robot/{address}/log")
    async def log(address: str, run: str) -> Response:
        return await files.log_of(robots.find(address), run)

    @nicegui.app.get("/robot/{address}/picture")
    async def picture(address: str, run: str, number: int) -> Response:
        return await files.picture_of(robots.find(address), run, number)

    @nicegui.app.get("/robot/{address}/certificate")
    def certificate(address: str) -> Response:
        return files.certificate_of(robots.find(address))

    @ui.page("/")
    def overview(request: Request) -> None:
        with frame(person(request), texts.OVERVIEW):
            Overview(robots)

    @ui.page("/robot/{address}")
    def robot(request: Request, address: str) -> None:
        part(request, address, "")

    @ui.page("/robot/{address}/{section}")
    def part(request: Request, address: str, section: str) -> None:
        found, build = robots.find(address), PARTS.get(section)
        if found is None or build is None:
            with frame(person(request), texts.TITLE):
                text("h1", texts.NOT_FOUND)
                link(texts.OVERVIEW, "/")
            return
        who = person(request)
        with frame(who, found.facts.name, robot=found.facts, section=section):
            build(found, who, request.query_params)

    @nicegui.app.post("/robot/{address}/files")
    async def upload(request: Request, address: str, protocol: str = "") -> Response:
        found, token = robots.find(address), request.cookies.get(COOKIE, "")
        if found is None or not access.may_control(token):
            return _see_other(log_in_path(path_of(address, "run")))
        async with request.form(max_files=MOST_FILES) as form:
            new, said = await hand_on(lambda: access.client(token, found), form)
        query = urlencode({"protocol": new or protocol, "note": notes.put(said)})
        return _see_other(f"{path_of(address, 'run')}?{query}")

    @ui.page("/login")
    def login(request: Request, wrong: bool = False, nobody: bool = False, wait_s: int = 0, back: str = "/") -> None:
        who = person(request)
        with frame(who, texts.LOG_IN):
            text("h1", texts.LOG_IN)
            if wrong or nobody or wait_s:
                refused = texts.WRONG_USER if who.logs_in_by_name else texts.WRONG_PASSWORD
                refused = texts.NO_SERVER_TO_ASK if nobody else refused
                problem = sentences.too_many_attempts(wait_s) if wait_s else refused
                text("p", problem, "notice").props["role"] = "alert"
            with box("form", "panel login").props('method="post" action="/login"'):
                box("input").props('type="hidden" name="back"').props["value"] = within(back)
                if who.logs_in_by_name:
                    text("p", texts.LOG_IN_BY_NAME, "muted")
                    text("label", texts.USER).props["for"] = "user"
                    box("input").props('id="user" name="user" autocomplete="username" required')
                label = text("label", texts.PASSWORD)
                label.props["for"] = "password"
                box("input").props('id="password" name="password" type="password" autocomplete="current-password"')
                text("button", texts.LOG_IN, "submit").props('type="submit"')

    @nicegui.app.post("/login")
    async def log_in(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=4) as form:
            user, password = str(form.get("user", "")), str(form.get("password", ""))
            back = within(str(form.get("back", "/")))
        try:
            token = await access.log_in(password, request.client.host if request.client else "", user)
        except WrongPassword:
            return _see_other(log_in_path(back, wrong=True))
        except NoServerToAsk:
            return _see_other(log_in_path(back, nobody=True))
        except TooManyAttempts as error:
            return _see_other(log_in_path(back, wait_s=math.ceil(error.wait_s)))
        answer = _see_other(back)
        answer.set_cookie(COOKIE, token, max_age=int(SESSION_S), httponly=True, samesite="strict", secure=encrypted)
        return answer

    @nicegui.app.post("/logout")
    async def log_out(request: Request) -> Response:
        await access.log_out(request.cookies.get(COOKIE, ""))
        answer = _see_other("/")
        answer.delete_cookie(COOKIE)
        return answer


def _see_other(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)
