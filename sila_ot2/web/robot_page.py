"""What a robot does now, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import ui

from sila_ot2.client.generated.run_controller import RunSummary
from sila_ot2.web import actions, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.elements import PageProgressBar, Rebuilt, box, button, facts, link, show_text, text
from sila_ot2.web.events import Event
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.layout import path_of
from sila_ot2.web.pipette_dialog import PipetteDialog
from sila_ot2.web.status import StatusWord
from sila_ot2.web.times import local_time
from sila_ot2.web.view import RobotView, ShownRun, current_run, view
from sila_ot2.web.watched_robot import WatchedRobot

EVENTS = 20
"""How many events are shown."""


class RobotPage:
    """The status, the run with its controls, and the facts of a robot."""

    def __init__(self, robot: WatchedRobot, person: Person, _query: Mapping[str, str]) -> None:
        self._robot = robot
        self._name = text("h1")
        self._notice = text("p", classes="notice wide")
        self._notice.props["role"] = "alert"
        with box("section", "prompt") as self._prompt:
            with box() as asking:
                asking.props["role"] = "alert"
                text("h2", texts.PROMPT)
                self._question = text("p", classes="question")
            self._place_of_answer = box("span")
        with box(classes="columns"):
            with box("section", "panel"):
                self._status = StatusWord()
                self._step = text("p", classes="step")
                self._run = RunPart()
                self._controls = RunControls(robot, person, self._place_of_answer) if person.may_control else None
                if self._controls is None:
                    text("p", texts.LOG_IN_TO_CONTROL if person.can_log_in else texts.READ_ONLY_REMEDY, "muted")
                self._next = Rebuilt[tuple[str, ...]](box(classes="next"), _next)  # below the buttons, which stay put
            with box("section", "panel"):
                self._to_do = Rebuilt[tuple[tuple[str, str], ...]](box(classes="todo"), _to_do)
                look = PipetteDialog(robot, person).open
                self._look = button(texts.LOOKED, "visibility", look, "look") if person.may_control else None
                self._lock = box(classes="lock")
                with self._lock:
                    text("p", texts.LOCKED)
                    self._locked_by = text("p")
                    text("p", texts.UNLOCK, "muted")
                    text("code", texts.UNLOCK_COMMAND)
                self._facts = Rebuilt[tuple[tuple[str, str], ...]](box(), facts)
        with box("section", "panel below"):
            text("h2", texts.EVENTS)
            self._no_events = text("p", texts.NO_EVENTS, "muted")
            self._events = Rebuilt[tuple[Event, ...]](box(), _events)
        self.update(robot.facts)
        ui.context.client.on_delete(robot.listen(self.update))

    def update(self, known: RobotFacts) -> None:
        """Show what is known now."""
        shown = view(known)
        self._name.set_text(shown.name)
        show_text(self._notice, shown.notice)
        self._prompt.set_visibility(bool(shown.prompt))
        self._question.set_text(shown.prompt)
        self._status.show(shown)
        show_text(self._step, shown.step)
        self._next.show(shown.next_steps)
        self._run.show(shown.run)
        if self._controls is not None:
            self._controls.show(shown, current_run(known))
        self._to_do.show(shown.to_do)
        if self._look is not None:
            self._look.set_visibility(shown.must_look)
        self._lock.set_visibility(shown.locked)
        show_text(self._locked_by, shown.locked_by)
        self._facts.show(shown.facts)
        events = self._robot.events.newest(EVENTS)
        self._no_events.set_visibility(not events)
        self._events.show(events)


class RunPart:
    """The current run and how far it is."""

    def __init__(self) -> None:
        with box(classes="run") as self._box:
            self._title = text("h2")
            self._bar = PageProgressBar(texts.PROGRESS)
            with box("p", "numbers"):
                self._steps = text("span")
                self._remaining = text("span")
                self._tips = text("span")
                self._started = text("span", classes="muted")
            self._pause = text("p", classes="paused-why")
            self._others = Rebuilt[tuple[str, ...]](box(classes="others"), _others)

    def show(self, run: ShownRun | None) -> None:
        """Show a run; None hides the part."""
        self._box.set_visibility(run is not None)
        if run is None:
            return
        self._title.set_text(f"{run.title}: {run.status}")
        self._bar.show(run.fraction)
        self._steps.set_text(run.steps)
        show_text(self._remaining, run.remaining)
        show_text(self._tips, run.tips)
        show_text(self._started, f"{texts.STARTED} {run.started}" if run.started else "")
        show_text(self._pause, run.pause)
        self._others.show(run.others)


class RunControls:
    """Pause, Resume and Stop, for people who may use them. Stop explains what it does and asks for confirmation.

    Args:
        robot: the robot.
        person: who has the page open.
        prompt: where the prompt of the protocol is answered, too.
    """

    def __init__(self, robot: WatchedRobot, person: Person, prompt: ui.element) -> None:
        self._robot, self._person = robot, person
        self._run: RunSummary | None = None
        self._under_way: set[str] = set()
        self._shown: RobotView | None = None
        with prompt:
            self._answer = button(texts.RESUME, "play_arrow", lambda: self.ask(texts.RESUME), "big primary")
        with box(classes="controls"):
            self._pause = button(texts.PAUSE, "pause", lambda: self.ask(texts.PAUSE), "big")
            self._resume = button(texts.RESUME, "play_arrow", lambda: self.ask(texts.RESUME), "big primary")
            self._stop = button(texts.STOP, "stop", self._confirm, "big danger")
            self._again = link(texts.RUN_AGAIN, "", "q-btn big")
        with ui.dialog() as self._dialog, box(classes="dialog"):
            text("h2", texts.STOP_QUESTION).props["id"] = "stop-question"
            self._which = text("p", classes="title")
            with box("ul"):
                for line in texts.STOP_MEANS:
                    text("li", line)
            self._others = text("p", texts.STOP_OTHERS, "needs")
            text("p", texts.NOT_AN_EMERGENCY_STOP, "warning")
            with box(classes="controls"):
                button(texts.CANCEL, "close", lambda: self._dialog.submit(False)).props("autofocus")
                button(texts.STOP_NOW, "stop", lambda: self._dialog.submit(True), "danger")
        self._dialog.props["aria-labelledby"] = "stop-question"

    def show(self, shown: RobotView, run: RunSummary | None) -> None:
        """Show which of them the server would accept now."""
        self._run, self._shown = run, shown
        self._answer.set_enabled(shown.can_resume)
        self._pause.set_visibility(not shown.can_resume)
        self._resume.set_visibility(shown.can_resume and not shown.prompt)  # the prompt has one of its own
        self._pause.set_enabled(shown.can_pause and texts.PAUSE not in self._under_way)
        self._resume.set_enabled(shown.can_resume and texts.RESUME not in self._under_way)
        self._stop.set_enabled(shown.can_stop)
        ended = run is not None and shown.run is not None and not shown.run.active
        self._again.set_visibility(ended and bool(run and run.protocol_identifier))
        if run is not None:
            self._again.props["href"] = f"{path_of(self._robot.address, 'run')}?protocol={run.protocol_identifier}"

    async def _confirm(self) -> None:
        run, shown = self._run, self._shown
        if shown is None or (run is None and not shown.can_stop):
            return  # else the run that the person sees: another one that began meanwhile is not stopped
        self._which.set_text(f"{shown.run.title}: {shown.run.status}" if shown.run else texts.UNSEEN_RUN)
        self._others.set_visibility(run is not None and run.origin == "OtherClient")
        if await self._dialog:
            await self._person.perform(texts.STOP, lambda: actions.stop(self._person.client(self._robot), run))

    async def ask(self, label: str) -> None:
        """Pause or resume the run that is shown; a resumption that is not answered keeps nobody from pausing."""
        run, shown = self._run, self._shown
        if shown is None or label in self._under_way or (run is None and not shown.can_pause):
            return
        action = actions.pause if label == texts.PAUSE else actions.resume
        self._under_way.add(label)
        self.show(shown, run)
        try:
            await self._person.perform(label, lambda: action(self._person.client(self._robot), run))
        finally:
            self._under_way.discard(label)
            self.show(view(self._robot.facts), current_run(self._robot.facts))


def _to_do(actions_required: tuple[tuple[str, str], ...]) -> None:
    text("h2", texts.TO_DO)
    with box("ul"):
        for explanation, remedy in actions_required:
            with box("li"):
                text("strong", explanation)
                text("span", f" {remedy}")


def _events(newest: tuple[Event, ...]) -> None:
    facts(tuple((local_time(each.at), each.what) for each in newest))


def _next(steps: tuple[str, ...]) -> None:
    text("h2", texts.NEXT)
    with box("ol"):
        for each in steps:
            text("li", each)


def _others(lines: tuple[str, ...]) -> None:
    text("p", texts.OTHER_ACTIONS, "muted")
    with box("ul"):
        for line in lines:
            text("li", line)
