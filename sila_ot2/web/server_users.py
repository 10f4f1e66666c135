"""Users of the servers: a person logs in at the servers of the robots with their own name."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sila_ot2.client import AsyncOT2
from sila_ot2.client.errors import AuthenticationFailed, ClientError
from sila_ot2.web import sentences
from sila_ot2.web.robots import Robots
from sila_ot2.web.watched_robot import WatchedRobot


class UnknownUser(Exception):
    """No server knows the user with this password."""


class NoServerToAsk(Exception):
    """None of the servers that answer has users."""


@dataclass(frozen=True)
class ServerLogIns:
    """Where one person has logged in.

    Attributes:
        clients: the connections that carry this person's access tokens, by the address of the server.
        without_users: the servers that have no users; what is done there is done under the page's name.
    """

    clients: Mapping[str, AsyncOT2] = field(default_factory=dict)
    without_users: frozenset[str] = frozenset()

    def client(self, robot: WatchedRobot) -> AsyncOT2:
        """Return the client with which this person acts on a robot.

        Raises:
            ClientError: they are not logged in at its server. Nothing was sent.
        """
        if (own := self.clients.get(robot.address)) is not None:
            return own
        if robot.address in self.without_users:
            return robot.client
        raise ClientError(sentences.not_logged_in_at(robot.facts.name))

    async def close(self) -> None:
        """Log out everywhere; what the robots do goes on."""
        for client in self.clients.values():
            with contextlib.suppress(ClientError):  # the token ends by itself
                await client.log_out()
            await client.close()


class ServerUsers:
    """Logs people in at all servers of the page.

    Args:
        robots: the robots of the page.
    """

    def __init__(self, robots: Robots) -> None:
        self._robots = robots

    async def log_in(self, user: str, password: str) -> ServerLogIns:
        """Log a person in at every server that answers and knows them.

        Raises:
            UnknownUser: no server knows them.
            NoServerToAsk: no server that answers has users.
        """
        robots = self._robots.all()
        answers = await asyncio.gather(*(each.log_in_as(user, password) for each in robots), return_exceptions=True)
        found = list(zip(robots, answers, strict=True))
        _raise_defects(answers)
        clients = {
            robot.address: answer
            for robot, answer in found
            if answer is not None and not isinstance(answer, BaseException)
        }
        if clients:
            return ServerLogIns(clients, frozenset(robot.address for robot, answer in found if answer is None))
        if any(isinstance(answer, AuthenticationFailed) for answer in answers):
            raise UnknownUser
        raise NoServerToAsk


def _raise_defects(answers: Iterable[object]) -> None:
    """Raise what is no answer of a server, nor its absence."""
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, (ClientError, OSError, ValueError)):
            raise answer
