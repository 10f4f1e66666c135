"""Requests of the page to servers, and what it shows about them. Each request is sent once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import Client, ui

from sila_ot2.client import AsyncOT2
from sila_ot2.client.errors import ClientError
from sila_ot2.client.generated.run_controller import RunSummary
from sila_ot2.web import sentences, texts
from sila_ot2.web.access import LogIns
from sila_ot2.web.command_names import in_words
from sila_ot2.web.deck_drawing import DeckDrawings
from sila_ot2.web.notes import Notes
from sila_ot2.web.watched_robot import WatchedRobot

SAID_MS = 5000
"""How long the page shows that something has succeeded."""


async def pause(client: AsyncOT2, run: RunSummary | None) -> str:
    """Pause a run; None is the current run of the server, which cannot be seen. Returns what to say."""
    await client.run_controller.pause_run(run_identifier=run.run_identifier if run else None)
    return texts.PAUSED_DONE


async def resume(client: AsyncOT2, run: RunSummary | None) -> str:
    """Resume a run; None is the current run of the server. Returns what to say."""
    await client.run_controller.resume_run(run_identifier=run.run_identifier if run else None)
    return texts.RESUMED_DONE


async def stop(client: AsyncOT2, run: RunSummary | None) -> str:
    """Stop a run, also that of another program, and wait until it has stopped; returns what to say.

    None is the current run of the server, which cannot be seen.
    """
    execution = await client.run_controller.stop_run(
        run_identifier=run.run_identifier if run else None, force=run is not None and run.origin == "OtherClient"
    )
    return sentences.stopped((await execution).final_status)


class Person:
    """Who has a page open, and whether they may control robots.

    Args:
        access: the log-ins.
        token: the secret of this person's session.
        client: the open page.
        notes: messages for the next page.
        drawings: the pictures of decks, for everyone.
    """

    def __init__(self, access: LogIns, token: str, client: Client, notes: Notes, drawings: DeckDrawings) -> None:
        self._access, self._token, self._client = access, token, client
        self.notes, self.drawings = notes, drawings
        self.on_log_out: Callable[[], object] = lambda: None
        """Called when they asked for something after their log-in had ended."""

    @property
    def path(self) -> str:
        """Which page they have open."""
        here = self._client.request.url
        return f"{here.path}?{here.query}" if here.query else here.path

    @property
    def may_control(self) -> bool:
        """Whether they are logged in."""
        return self._access.may_control(self._token)

    @property
    def can_log_in(self) -> bool:
        """Whether they could be."""
        return self._access.offered

    @property
    def name(self) -> str:
        """Their name; empty if all who log in are one."""
        return self._access.name(self._token)

    @property
    def logs_in_by_name(self) -> bool:
        """Whether people have to enter their names."""
        return self._access.by_name

    def client(self, robot: WatchedRobot) -> AsyncOT2:
        """Return the client with which they act on a robot: under their name, or else under the page's.

        Raises:
            ClientError: they may not act on it, or there is no connection. Nothing was sent.
        """
        return self._access.client(self._token, robot)

    async def perform(self, label: str, action: Callable[[], Awaitable[str]]) -> bool:
        """Do what this person asked for and say how it ended; it is asked anew whether they may.

        Args:
            label: what they asked for.
            action: does it and returns what to say.

        Returns:
            whether it succeeded.
        """
        if not self.may_control:
            self._say(texts.LOGGED_OUT, good=False)
            self.on_log_out()
            return False
        try:
            done = await action()
        except ClientError as error:
            self._say(sentences.failed(label, in_words(str(error))), good=False)
            return False
        self._say(done, good=True)
        return True

    def refuse(self, label: str, reason: str) -> None:
        """Say why nothing was asked of the server."""
        self._say(sentences.failed(label, reason), good=False)

    def _say(self, what: str, *, good: bool) -> None:
        if self._client.is_deleted:
            return
        with self._client:
            ui.notify(
                sentences.in_order(what),
                classes=f"said {'good' if good else 'bad'}",
                icon="check_circle" if good else "error",
                timeout=SAID_MS if good else 0,  # what went wrong stays until it has been read
                close_button=texts.CLOSE,
                multi_line=True,
                textColor="as-in-style",  # else Quasar makes it white, which cannot be read on the colors of the dark
            )
