"""The set-up of a run: the protocol, its check, its parameters, the checklist, and the start."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial

from nicegui import background_tasks, ui

from sila_ot2.client.errors import ClientError
from sila_ot2.client.generated.protocol_service import Analysis, ParameterDefinition
from sila_ot2.web import fields, sentences, setup_view, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.command_names import in_words
from sila_ot2.web.elements import Rebuilt, box, button, facts, show_text, text
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.layout import path_of
from sila_ot2.web.run_draft import RunDraft
from sila_ot2.web.setup_view import Check, FoundFault
from sila_ot2.web.times import local_time
from sila_ot2.web.watched_robot import WatchedRobot

MOST_OF_A_LABEL = "100"
"""How many characters the server takes."""
MOST_FAULTS = 20
"""How many faults of a protocol are shown: a person mends some and uploads it again."""
ICONS = {"good": "check_circle", "bad": "error", "look": "visibility"}


class RunSetup:
    """What to run, and whether it can be run."""

    def __init__(self, robot: WatchedRobot, person: Person, query: Mapping[str, str]) -> None:
        self._robot, self._person = robot, person
        self._run = RunDraft(lambda: person.client(robot), query.get("protocol", ""), request_key=str(uuid.uuid4()))
        text("h1", texts.SET_UP)
        if not person.may_control:
            text("p", texts.LOG_IN_TO_RUN if person.can_log_in else texts.READ_ONLY_REMEDY, "notice")
            return
        if note := person.notes.take(query.get("note", "")):
            text("p", note.text, "note" if note.good else "notice").props["role"] = "status" if note.good else "alert"
        with box(classes="columns"):
            with box():
                self._choose()
                self._parameters = box("section", "panel")
                self._start()
            with box("section", "panel"):
                text("h2", texts.CHECKLIST)
                self._permission = Rebuilt[tuple[Check, ...]](box("ul", "checks"), _checks)
                self._checked = text("p", classes="muted")
                self._checked.props["role"] = "status"
                self._again = button(texts.CHECK, "refresh", self._check)
                self._again.set_visibility(False)
                self._faults = Rebuilt[tuple[FoundFault, ...]](box(), _faults)
                self._needs = Rebuilt[tuple[Check, ...]](box("ul", "checks"), _checks)
                self._numbers = Rebuilt[tuple[tuple[str, str], ...]](box(), facts)
        self._parameters.set_visibility(False)
        self.update(robot.facts)
        ui.context.client.on_delete(robot.listen(self.update))
        if self._run.protocol:
            background_tasks.create(self._check(), name="check of a protocol")

    def update(self, known: RobotFacts) -> None:
        """Show what is known now."""
        permission, analysis = setup_view.permission(known), self._run.analysis
        self._permission.show(permission)
        self._needs.show(setup_view.needs(known, analysis) if analysis else ())
        self._go.set_enabled(self._run.ready and all(each.verdict != "bad" for each in permission))

    def _choose(self) -> None:
        known = self._robot.facts.protocols
        with box("section", "panel"):
            text("h2", texts.PROTOCOL)
            names = [
                (each.protocol_identifier, sentences.uploaded_at(each.name, local_time(each.uploaded_at)))
                for each in known
            ]
            chosen = self._run.protocol if self._run.protocol in dict(names) else ""
            fields.choice(texts.KNOWN_PROTOCOLS, chosen, [("", texts.CHOOSE), *names], self._go_to)
            with box("details") as uploads:
                if not chosen:
                    uploads.props["open"] = True
                text("summary", texts.UPLOADS)
                self._upload(texts.UPLOAD_PROTOCOL, "protocol", ".py,.json,.zip", more=True)
                self._upload(texts.UPLOAD_CSV, "data", ".csv", more=False)

    def _upload(self, label: str, name: str, accept: str, *, more: bool) -> None:
        target = f"{path_of(self._robot.address, 'files')}?protocol={self._run.protocol}"
        with box("form", "upload").props('method="post" enctype="multipart/form-data"') as form:
            form.props["action"] = target
            text("label", label).props["for"] = f"file-{name}"
            field = box("input", "field").props('type="file" required')
            field.props.update({"id": f"file-{name}", "name": name, "accept": accept})
            if more:
                text("label", texts.SUPPORT_FILES).props["for"] = "file-more"
                further = box("input", "field").props('type="file" multiple id="file-more" name="more"')
                further.props["accept"] = ".json,.csv,.txt,.py"
            text("button", texts.UPLOAD, "q-btn").props('type="submit"')

    def _go_to(self, protocol: str) -> None:
        ui.navigate.to(f"{path_of(self._robot.address, 'run')}?protocol={protocol}")

    def _start(self) -> None:
        with box("section", "panel"):
            text("h2", texts.START)
            fields.line(texts.LABEL, "", self._run.set_label, hint=texts.LABEL_HINT, maxlength=MOST_OF_A_LABEL)
            fields.tick(texts.USE_OFFSETS, self._run.set_offsets, checked=False)
            with box(classes="controls"):
                self._go = button(texts.RUN_IT, "play_arrow", self._begin, "big primary")

    async def _check(self) -> None:
        """Have the robot check the protocol with the values that were entered; nothing moves."""
        show_text(self._checked, texts.CHECKING)
        self._again.set_visibility(False)
        try:
            await self._run.check()
        except ClientError as error:
            show_text(self._checked, sentences.failed(texts.CHECK, in_words(str(error))))
            self._again.set_visibility(True)
            return
        self._show_check()
        analysis = self._run.analysis
        if not self._run.parameters_shown and analysis is not None and analysis.parameters:
            self._run.parameters_shown = True
            self._show_parameters(analysis)

    def _show_check(self) -> None:
        """Show what was found for the present values: nothing that was found for others."""
        analysis = self._run.analysis
        show_text(self._checked, texts.CHECK_RESULT[analysis.result] if analysis else texts.CHECK_CHANGED)
        self._faults.show(setup_view.faults(analysis, self._run.source) if analysis else ())
        self._numbers.show(_numbers(analysis) if analysis else ())
        self.update(self._robot.facts)

    def _enter(self, definition: ParameterDefinition, value: str) -> None:
        self._run.setter(definition)(value)
        self._show_check()

    def _show_parameters(self, analysis: Analysis) -> None:
        files = [(each.data_file_identifier, each.name) for each in self._robot.facts.data_files]
        self._parameters.set_visibility(True)
        with self._parameters:
            text("h2", texts.PARAMETERS)
            for each in analysis.parameters:
                fields.parameter(each, files, partial(self._enter, each))
            button(texts.CHECK_AGAIN, "refresh", self._check)

    async def _begin(self) -> None:
        if not self._run.ready:  # a value was changed just before
            return
        self._run.starting = True
        self.update(self._robot.facts)
        try:
            if await self._person.perform(texts.RUN_IT, self._run.start):
                ui.navigate.to(path_of(self._robot.address))
        finally:
            self._run.starting = False
            self.update(self._robot.facts)


def _numbers(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    if analysis.result != "Ok":
        return ()
    return (
        (texts.STEPS, f"{analysis.command_count}"),
        (texts.ESTIMATE, sentences.duration(analysis.estimated_duration)),
    )


def _checks(checks: tuple[Check, ...]) -> None:
    for each in checks:
        with box("li", f"check {each.verdict}"):
            ui.icon(ICONS[each.verdict])
            with box():
                text("strong", each.subject)
                text("span", f" {each.text}")
                text("span", f" ({texts.VERDICTS[each.verdict]})", "muted")


def _faults(found: tuple[FoundFault, ...]) -> None:
    for each in found[:MOST_FAULTS]:
        with box(classes="notice"):
            text("p", f"{sentences.line(each.line)}: {each.text}" if each.line else each.text)
            if each.source:
                text("code", each.source)
    if (more := len(found) - MOST_FAULTS) > 0:
        text("p", sentences.more_faults(more))
