"""People who log in as users of the servers act under their own names, and nowhere under the page's instead."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing import User

from sila_ot2.client.errors import AuthenticationFailed, ClientError, NotOffered, ServerUnreachable
from sila_ot2.web import sentences, texts
from sila_ot2.web.access import LogIns, WrongPassword
from sila_ot2.web.application import COOKIE
from sila_ot2.web.server_users import NoServerToAsk, ServerUsers
from tests.fakes.page import FakeServer, allowed, summary, work
from tests.unit.web.test_pages import ROBOT, TwoRobots, run_page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of NiceGUI's own libraries
]
PLACES = ("127.0.0.1:1", "127.0.0.1:2")


class UserServer(FakeServer):
    """A server that knows who makes each connection.

    Attributes:
        made: its connections, each with the commands that it was used for; the first is the page's.
    """

    def __init__(self, users: dict[str, str] | None, **values: Any) -> None:
        super().__init__(**values)
        self.users, self.made = users, list[UserServer]()

    async def connect(self) -> Any:
        await super().connect()
        connection = UserServer.__new__(UserServer)
        connection.__dict__.update(self.__dict__, calls=[])
        self.made.append(connection)
        return connection

    async def log_in(self, user: str, password: str) -> None:
        if self.users is None:
            raise NotOffered("The server has no users.")
        if self.users.get(user) != password:
            raise AuthenticationFailed("Name or password is wrong.", "AuthenticationFailed")
        self.calls.append(("log_in", {"user": user}))

    async def log_out(self) -> None:
        self.calls.append(("log_out", {}))


def robots_of(*servers: UserServer) -> TwoRobots:
    return TwoRobots(*servers)


def log_in(servers: tuple[UserServer, ...], user: str, password: str) -> tuple[LogIns, str]:
    access = LogIns(None, servers=ServerUsers(robots_of(*servers)))
    return access, asyncio.run(access.log_in(password, "10.0.0.1", user))


def test_person_acts_with_a_connection_of_their_own() -> None:
    server = UserServer({"ana": "secret"})
    robots = robots_of(server)
    access = LogIns(None, servers=ServerUsers(robots))
    assert access.offered
    assert access.by_name
    token = asyncio.run(access.log_in("secret", "10.0.0.1", "ana"))
    client: object = access.client(token, robots.all()[0])
    assert client is server.made[-1]
    assert server.made[-1].calls == [("log_in", {"user": "ana"})]
    assert access.name(token) == "ana"
    asyncio.run(access.log_out(token))
    assert [name for name, _ in server.made[-1].calls] == ["log_in", "log_out", "close"]
    with pytest.raises(ClientError, match="log-in has ended"):
        access.client(token, robots.all()[0])


@pytest.mark.parametrize(("user", "password"), [("ana", "wrong"), ("bob", "secret"), ("", "")])
def test_nobody_else_is_logged_in(user: str, password: str) -> None:
    server = UserServer({"ana": "secret"})
    with pytest.raises(WrongPassword):
        log_in((server,), user, password)
    assert [name for name, _ in server.made[-1].calls] == ["close"], "no connection is left open"


def test_server_that_does_not_know_a_person_is_never_used_under_the_pages_name() -> None:
    knows, other = UserServer({"ana": "secret"}), UserServer({"bob": "secret"})
    robots = robots_of(knows, other)
    access = LogIns(None, servers=ServerUsers(robots))
    token = asyncio.run(access.log_in("secret", "10.0.0.1", "ana"))
    with pytest.raises(ClientError, match="not logged in"):
        access.client(token, robots.all()[1])


def test_server_without_users_is_used_under_the_pages_name() -> None:
    async def check() -> None:
        knows, open_server = UserServer({"ana": "secret"}), UserServer(None)
        robots = robots_of(knows, open_server)
        await robots.start()
        while any(robot.facts.connection != "Connected" for robot in robots.all()):
            await asyncio.sleep(0.005)
        access = LogIns(None, servers=ServerUsers(robots))
        token = await access.log_in("secret", "10.0.0.1", "ana")
        assert access.client(token, robots.all()[1]) is robots.all()[1].client
        assert access.client(token, robots.all()[0]) is not robots.all()[0].client
        await robots.stop()

    asyncio.run(check())


def test_without_a_server_that_has_users_nobody_can_log_in() -> None:
    silent = UserServer({"ana": "secret"})
    silent.alive = False
    with pytest.raises(NoServerToAsk):
        log_in((silent, UserServer(None)), "ana", "secret")


def test_defect_is_not_taken_for_a_wrong_password() -> None:
    server = UserServer({})
    server.users = 7  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        log_in((server,), "ana", "secret")


def test_unreachable_server_does_not_keep_a_person_from_the_others() -> None:
    silent, knows = UserServer({"ana": "secret"}), UserServer({"ana": "secret"})
    silent.alive = False
    robots = robots_of(silent, knows)
    access = LogIns(None, servers=ServerUsers(robots))
    token = asyncio.run(access.log_in("secret", "10.0.0.1", "ana"))
    client: object = access.client(token, robots.all()[1])
    assert client is knows.made[-1]
    with pytest.raises(ClientError, match="not logged in"):
        access.client(token, robots.all()[0])
    with pytest.raises(ServerUnreachable):
        asyncio.run(robots.all()[0].log_in_as("ana", "secret"))


def test_server_whose_certificate_is_damaged_does_not_keep_a_person_from_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def damaged() -> None:
        raise ValueError("The trusted certificate is not in PEM format.")

    untrusted, knows = UserServer({}), UserServer({"ana": "secret"})
    monkeypatch.setattr(untrusted, "connect", damaged)
    access, token = log_in((untrusted, knows), "ana", "secret")
    assert access.may_control(token)


def test_page_asks_for_the_name_shows_it_and_pauses_under_it() -> None:
    server = UserServer(
        {"ana": "secret"},
        status_provider__device_status="Busy",
        status_provider__activity=work(),
        status_provider__allowed_actions=allowed("PauseRun", "StopRun"),
        run_controller__current_run=[summary()],
    )

    async def scene(user: User) -> None:
        await user.open("/login")
        await user.should_see(texts.USER)
        wrong = await user.http_client.post("/login", data={"user": "ana", "password": "wrong"})
        await user.open(wrong.headers["location"])
        await user.should_see(texts.WRONG_USER)
        right = await user.http_client.post("/login", data={"user": "ana", "password": "secret"})
        user.http_client.cookies.set(COOKIE, right.cookies[COOKIE])
        await user.open(ROBOT)
        await user.should_see("ana")
        await user.should_see("Plate 17: running", retries=20)
        user.find(kind=ui.button, content=texts.PAUSE).click()
        await user.should_see(texts.PAUSED_DONE, retries=20)
        page, person = server.made[0], server.made[-1]
        assert [name for name, _ in person.calls] == ["log_in", "pause_run"]
        assert page.calls == [], "the page itself has only read"

    run_page(scene, server, password=None, by_name=True)


def test_text_for_who_is_not_logged_in_at_a_server_says_what_to_do() -> None:
    assert "log in again" in sentences.not_logged_in_at("OT-2 bench 3")
