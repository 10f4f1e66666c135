"""The pages, driven by NiceGUI's simulation of a user."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import argon2
import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_simulation import user_simulation

from sila_ot2.client.errors import AnswerLost
from sila_ot2.client.generated.ot2_status_provider import Fault
from sila_ot2.client.generated.run_controller import StopRunResponses
from sila_ot2.web import sentences, texts
from sila_ot2.web.access import LogIns
from sila_ot2.web.application import COOKIE, register
from sila_ot2.web.layout import log_in_path, within
from sila_ot2.web.robots import Robots
from sila_ot2.web.server_users import ServerUsers
from sila_ot2.web.watched_robot import WatchedRobot
from tests.fakes.page import NOW, Ended, FakeServer, allowed, summary, work

PASSWORD = "correct horse"
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
ROBOT = "/robot/127.0.0.1:1"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of NiceGUI's own libraries
]


class TwoRobots(Robots):
    """Robots of servers that a test controls."""

    def __init__(self, *servers: FakeServer) -> None:
        super().__init__([])
        self._by_address = {
            f"127.0.0.1:{number}": WatchedRobot(f"127.0.0.1:{number}", server.connect, heartbeat_s=0.01)
            for number, server in enumerate(servers, start=1)
        }


def run_page(
    scene: Callable[[User], Awaitable[None]], *servers: FakeServer, password: str | None = HASH, by_name: bool = False
) -> None:
    """Serve the page of some servers and let a user look at it."""

    async def play() -> None:
        async with user_simulation(root=lambda: None) as user:
            robots = TwoRobots(*servers)
            access = LogIns(password, servers=ServerUsers(robots) if by_name else None)
            register(robots, access, encrypted=False)
            await robots.start()
            try:
                if password is not None:
                    user.http_client.cookies.set(COOKIE, await access.log_in(PASSWORD, "test"))
                await scene(user)
            finally:
                await robots.stop()

    asyncio.run(play())


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


def running(**values: object) -> FakeServer:
    return FakeServer(
        status_provider__device_status="Busy",
        status_provider__activity=work(),
        status_provider__allowed_actions=allowed("PauseRun", "StopRun"),
        run_controller__current_run=[summary()],
        **values,
    )


def paused(prompt: str = "Change the plate") -> FakeServer:
    return FakeServer(
        status_provider__device_status="Paused",
        status_provider__activity=work(),
        status_provider__allowed_actions=allowed("ResumeRun", "StopRun"),
        run_controller__current_run=[summary("Paused", pause_reason="ByProtocol")],
        run_controller__operator_prompt=prompt,
    )


def test_overview_has_a_card_for_each_robot() -> None:
    async def scene(user: User) -> None:
        await user.open("/")
        await user.should_see("Busy", retries=20)
        await user.should_see("Plate 17: running")
        await user.should_see("30 of 120 steps, about 2 min left")
        await user.should_see("Paused")
        await user.should_see(f"{texts.PROMPT}: Change the plate")

    run_page(scene, running(), paused())


def test_robot_page_follows_the_run() -> None:
    server = running(run_controller__next_steps=["Dispense 50 µL into B1 of the plate in slot 2", "Home"])

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Aspirate 50 µL from A1 of the plate in slot 2", retries=20)
        await user.should_see("Dispense 50 µL into B1 of the plate in slot 2")
        await user.should_see("Home")
        server.set(run_controller__current_run=[summary(completed_commands=60)], run_controller__next_steps=["Home"])
        await user.should_see("60 of 120 steps", retries=20)
        await user.should_not_see("Dispense 50 µL into B1 of the plate in slot 2")
        server.set(run_controller__next_steps=[])
        await user.should_not_see(texts.NEXT, retries=20)
        server.alive = False
        await user.should_see(texts.NO_CONNECTION, retries=50)
        await user.should_see("What is shown is what was known then")

    run_page(scene, server)


def test_name_in_a_text_of_the_server_does_not_turn_what_comes_after_it() -> None:
    """With the name as it is, a browser shows "slot 12" as "21 tols"."""
    name = "plate \u202egnol"

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Aspirate 50 µL from A1 of plate gnol in slot 12", retries=20)
        await user.should_see("The run failed at plate gnol. Look at the robot.")

    message = f"The run failed at {name}. Look at the robot."
    fault = Fault(code="RunFailed", message=message, remedy="", occurred_at=NOW)
    server = running(status_provider__last_error=[fault])
    server.set(status_provider__activity=work(explanation=f"Aspirate 50 µL from A1 of {name} in slot 12"))
    run_page(scene, server)


def test_pause_asks_the_server_once_for_the_run_that_is_shown() -> None:
    server = running()

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Plate 17: running", retries=20)
        user.find(kind=ui.button, content=texts.PAUSE).click()
        await user.should_see(texts.PAUSED_DONE, retries=20)
        assert server.calls == [("pause_run", {"run_identifier": "run-1"})]

    run_page(scene, server)


def test_run_can_be_paused_while_a_resumption_is_not_answered() -> None:
    server = paused(prompt="")
    server.held.add("resume_run")

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Plate 17: paused", retries=20)
        user.find(kind=ui.button, content=texts.RESUME).click()
        await until(lambda: bool(server.calls))
        server.set(
            status_provider__allowed_actions=allowed("PauseRun", "StopRun"), run_controller__current_run=[summary()]
        )
        await user.should_see("Plate 17: running", retries=20)
        user.find(kind=ui.button, content=texts.PAUSE).click()
        await user.should_see(texts.PAUSED_DONE, retries=20)
        assert [name for name, _ in server.calls] == ["resume_run", "pause_run"]

    run_page(scene, server)


def test_run_that_may_not_be_read_can_be_paused_and_stopped() -> None:
    server = running()
    server.refuses = True
    server.answers["stop_run"] = Ended(StopRunResponses("run-1", "Stopped", []))

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see(texts.LOG_IN_NEEDED, retries=20)
        user.find(kind=ui.button, content=texts.PAUSE).click()
        await user.should_see(texts.PAUSED_DONE, retries=20)
        (dialog,) = user.find(kind=ui.dialog).elements
        user.find(kind=ui.button, content=texts.STOP).click()
        await until(lambda: dialog.value)
        await user.should_see(texts.UNSEEN_RUN)
        user.find(kind=ui.button, content=texts.STOP_NOW).click()
        await user.should_see(sentences.stopped("Stopped"), retries=20)
        assert server.calls == [
            ("pause_run", {"run_identifier": None}),
            ("stop_run", {"run_identifier": None, "force": False}),
        ]

    run_page(scene, server)


def test_prompt_is_answered_with_resume() -> None:
    server = paused()

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Change the plate", retries=20)
        user.find(kind=ui.button, content=texts.RESUME).click()
        await until(lambda: bool(server.calls))
        assert server.calls[0] == ("resume_run", {"run_identifier": "run-1"})

    run_page(scene, server)


def test_stop_says_what_it_does_and_asks_first() -> None:
    server = running()
    server.answers["stop_run"] = Ended(StopRunResponses("run-1", "Stopped", []))

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Plate 17: running", retries=20)
        (dialog,) = user.find(kind=ui.dialog).elements
        user.find(kind=ui.button, content=texts.STOP).click()
        await until(lambda: dialog.value)
        for line in (*texts.STOP_MEANS, texts.NOT_AN_EMERGENCY_STOP):
            await user.should_see(line)
        assert server.calls == []
        user.find(kind=ui.button, content=texts.CANCEL).click()
        await until(lambda: not dialog.value)
        user.find(kind=ui.button, content=texts.STOP).click()
        await until(lambda: dialog.value)
        assert server.calls == []
        user.find(kind=ui.button, content=texts.STOP_NOW).click()
        await user.should_see(sentences.stopped("Stopped"), retries=20)
        assert server.calls == [("stop_run", {"run_identifier": "run-1", "force": False})]

    run_page(scene, server)


def test_lost_answer_is_reported_and_not_repeated() -> None:
    server = running()
    server.answers["pause_run"] = AnswerLost("It may have been carried out. Then call StopRun.")

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Plate 17: running", retries=20)
        user.find(kind=ui.button, content=texts.PAUSE).click()
        await user.should_see('Pause: It may have been carried out. Then press "Stop".', retries=20)
        assert len(server.calls) == 1

    run_page(scene, server)


def test_without_a_log_in_nothing_can_be_asked() -> None:
    server = running()

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Plate 17: running", retries=20)
        await user.should_see(texts.READ_ONLY)
        await user.should_see(texts.READ_ONLY_REMEDY)
        await user.should_not_see(kind=ui.button, content=texts.STOP)

    run_page(scene, server, password=None)


def test_log_out_takes_effect_on_pages_that_are_open() -> None:
    server = running()

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see("Plate 17: running", retries=20)
        await user.http_client.post("/logout")
        user.find(kind=ui.button, content=texts.PAUSE).click()
        await user.should_see(texts.LOGGED_OUT, retries=20)
        assert server.calls == []
        again = next(iter(user.find(content=texts.LOG_IN_AGAIN).elements))
        assert again.props["href"] == log_in_path(ROBOT)

    run_page(scene, server)


def test_log_in_sets_a_cookie_that_other_pages_cannot_use() -> None:
    async def scene(user: User) -> None:
        wrong = await user.http_client.post("/login", data={"password": "wrong"})
        assert wrong.headers["location"] == log_in_path("/", wrong=True)
        right = await user.http_client.post("/login", data={"password": PASSWORD})
        assert right.headers["location"] == "/"
        cookie = right.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert PASSWORD not in cookie

    run_page(scene, running())


@pytest.mark.parametrize(
    ("back", "page"),
    [
        (f"{ROBOT}/run?protocol=protocol-1", f"{ROBOT}/run?protocol=protocol-1"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("/\t/elsewhere.example/", "/"),
        ("/login?wrong=true", "/"),
        ("", "/"),
    ],
)
def test_log_in_leads_back_to_where_the_person_was_and_nowhere_else(back: str, page: str) -> None:
    assert within(back) == page


def test_log_in_leads_back() -> None:
    async def scene(user: User) -> None:
        wrong = await user.http_client.post("/login", data={"password": "wrong", "back": ROBOT})
        assert wrong.headers["location"] == log_in_path(ROBOT, wrong=True)
        await user.open(wrong.headers["location"])
        await user.should_see(texts.WRONG_PASSWORD)
        with user:
            (kept,) = (each for each in ui.context.client.elements.values() if each.props.get("name") == "back")
        assert kept.props["value"] == ROBOT
        right = await user.http_client.post("/login", data={"password": PASSWORD, "back": ROBOT})
        assert right.headers["location"] == ROBOT

    run_page(scene, running())


def test_lock_is_shown_with_the_command_that_removes_it() -> None:
    server = running()
    server.locked = True

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see(texts.LOCKED, retries=20)
        await user.should_see(texts.UNLOCK_COMMAND)

    run_page(scene, server)


def test_an_address_without_a_robot_is_reported_in_words() -> None:
    async def scene(user: User) -> None:
        await user.open("/robot/127.0.0.1:9")
        await user.should_see(texts.NOT_FOUND)

    run_page(scene, running())
