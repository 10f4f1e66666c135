"""Ctrl-C while a command moves the robot, and what is shown of its progress."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from rich.prompt import Prompt

from sila_ot2.cli import following
from sila_ot2.cli.following import Detached, follow
from sila_ot2.cli.progress import ProgressView, wait_for
from sila_ot2.client import Progress, errors

PAUSED = SimpleNamespace(pause_reason="ByClient", operator_message="", status="Paused", current_step_text="")
ENDED = SimpleNamespace(pause_reason="NotPaused", operator_message="", status="Succeeded", current_step_text="")
RUNNING = SimpleNamespace(pause_reason="NotPaused", operator_message="", status="Running", current_step_text="Aspirate")


class InterruptedOnce:
    """An execution during which Ctrl-C is pressed as often as asked, and that then ends."""

    def __init__(self, *details: Any) -> None:
        self.pressed = list(details)
        self.done: list[str] = []

    def __iter__(self) -> Iterator[Progress[Any]]:
        if self.pressed:
            yield Progress("running", 0.5, dt.timedelta(seconds=5), self.pressed.pop(0))
            raise KeyboardInterrupt
        yield Progress("finished successfully", 1.0, dt.timedelta())

    def result(self) -> str:
        return "record"

    def pause(self) -> None:
        self.done.append("pause")

    def resume(self) -> None:
        self.done.append("resume")

    def cancel(self, timeout: float | None = None) -> None:
        self.done.append("cancel")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a person at a terminal answers; what was offered is put behind it."""
    given: list[str] = []

    def ask(*_: object, choices: list[str], **__: object) -> str:
        given.append("/".join(choices))
        return given.pop(0)

    monkeypatch.setattr(following, "somebody_is_there", lambda: True)
    monkeypatch.setattr(Prompt, "ask", ask)
    return given


@pytest.mark.parametrize(
    ("answer", "details", "done"),
    [
        ("watch", RUNNING, []),
        ("pause", RUNNING, ["pause"]),
        ("resume", PAUSED, ["resume"]),
        ("stop", RUNNING, ["cancel"]),
    ],
)
def test_the_answer_is_carried_out_and_the_watching_goes_on(
    answers: list[str], answer: str, details: Any, done: list[str]
) -> None:
    answers.append(answer)
    execution: Any = InterruptedOnce(details)
    assert follow(execution, "plate", can_pause=True) == "record"
    assert execution.done == done
    assert answer in answers[0].split("/")


def test_what_is_paused_is_not_paused_again(answers: list[str]) -> None:
    answers.extend(["watch"])
    follow(InterruptedOnce(PAUSED), "plate", can_pause=True)  # type: ignore[arg-type]
    assert answers == ["watch/detach/resume/stop"]


def test_ctrl_c_after_a_pause_offers_to_resume_before_the_run_reports_it(answers: list[str]) -> None:
    answers.extend(["pause", "resume", "watch"])
    execution: Any = InterruptedOnce(RUNNING, None, None)
    assert follow(execution, "plate", can_pause=True) == "record"
    assert execution.done == ["pause", "resume"]
    assert answers == ["watch/detach/pause/stop", "watch/detach/resume/stop", "watch/detach/pause/stop"]


@pytest.mark.parametrize(("answer", "request_"), [("pause", "pause"), ("resume", "resume"), ("stop", "cancel")])
def test_ctrl_c_while_an_answer_is_carried_out_asks_again(answers: list[str], answer: str, request_: str) -> None:
    answers.extend([answer, "watch"])
    execution: Any = InterruptedOnce(RUNNING)

    def interrupted() -> None:
        raise KeyboardInterrupt

    setattr(execution, request_, interrupted)
    assert follow(execution, "plate", can_pause=True) == "record"
    assert answers == ["watch/detach/pause/stop"] * 2, "it was asked twice"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errors.UndefinedExecutionError("The run is finishing."), "This was not done (pause): The run is finishing."),
        (errors.AnswerLost("no answer"), "It is not known whether this was done (pause): no answer"),
    ],
)
def test_what_the_server_refuses_is_reported_and_the_watching_goes_on(
    answers: list[str], capsys: pytest.CaptureFixture[str], error: errors.ClientError, said: str
) -> None:
    answers.extend(["pause", "watch"])
    execution: Any = InterruptedOnce(RUNNING, None)

    def refused() -> None:
        raise error

    execution.pause = refused
    assert follow(execution, "plate", can_pause=True) == "record"
    assert f"sila-ot2: {said}\n" in capsys.readouterr().err
    assert answers == ["watch/detach/pause/stop"] * 2, "the run is not paused"


def test_detaching_leaves_the_robot_alone(answers: list[str]) -> None:
    answers.append("detach")
    execution: Any = InterruptedOnce(RUNNING)
    with pytest.raises(Detached):
        follow(execution, "plate", can_pause=True)
    assert execution.done == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, EOFError])
def test_no_answer_detaches(answers: list[str], monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> None:
    def ask(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr(Prompt, "ask", ask)
    execution: Any = InterruptedOnce(RUNNING)
    with pytest.raises(Detached):
        follow(execution, "plate", can_pause=True)
    assert execution.done == []


def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    execution: Any = InterruptedOnce(RUNNING)
    with pytest.raises(Detached):
        follow(execution, "plate", can_pause=True)
    assert execution.done == []


def test_a_command_that_only_waits_is_cancelled_by_ctrl_c() -> None:
    execution: Any = InterruptedOnce(None)
    with pytest.raises(KeyboardInterrupt):
        wait_for("Analyzing", lambda: execution)
    assert execution.done == ["cancel"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errors.ServerUnreachable("nobody answers"), "It could not be cancelled and goes on: nobody answers"),
        (errors.AnswerLost("no answer"), "It is not known whether it was cancelled: no answer"),
        (errors.InvalidCommandExecutionUUID("it has ended", ""), ""),
    ],
)
def test_a_command_that_could_not_be_cancelled_is_reported(
    capsys: pytest.CaptureFixture[str], error: errors.ClientError, said: str
) -> None:
    execution: Any = InterruptedOnce(None)

    def cancel(_: float) -> None:
        raise error

    execution.cancel = cancel
    with pytest.raises(KeyboardInterrupt):
        wait_for("Analyzing", lambda: execution)
    shown = capsys.readouterr().err
    assert said in shown
    assert ("cancelled" in shown) == bool(said)


def test_a_handler_that_ends_the_program_cancels_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    execution: Any = InterruptedOnce(None)

    def ended(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(ProgressView, "show", ended)
    with pytest.raises(SystemExit):
        wait_for("Analyzing", lambda: execution)
    assert execution.done == ["cancel"]


def lines(*states: Progress[Any], terminal: bool = False) -> list[str]:
    output = io.StringIO()
    with ProgressView("plate", Console(file=output, force_terminal=terminal, width=79)) as view:
        for state in states:
            view.show(state)
    return output.getvalue().splitlines()


def test_without_a_terminal_a_line_for_each_fifth_and_each_change_of_the_status() -> None:
    steps = [Progress("running", share / 20, dt.timedelta(seconds=20 - share), RUNNING) for share in range(21)]
    shown = lines(*steps, Progress("running", 1.0, None, PAUSED), Progress("finished successfully", 1.0, None))
    assert len(shown) == 6
    assert shown[0] == "plate  running  20 s left  Aspirate"
    assert shown[-1] == "plate  paused  Aspirate"


def test_without_a_terminal_no_line_is_empty_and_an_ended_run_has_no_time_left() -> None:
    left = dt.timedelta(seconds=2)
    shown = lines(Progress("running", None, None), Progress("running", 0.9, left, RUNNING))
    assert shown == ["plate  running  2 s left  Aspirate"]
    assert lines(Progress("running", 0.9, left, ENDED)) == ["plate  succeeded"], "the answers came in another order"


def test_a_message_of_the_protocol_is_shown_and_cannot_write_to_the_terminal() -> None:
    details = SimpleNamespace(**{**vars(PAUSED), "operator_message": "change\x1b[2J [red]plate"})
    shown = lines(Progress("running", 0.5, None, details))
    assert shown == ["plate  paused  change[2J [red]plate"]
    assert "plate paused" in "".join(lines(Progress("running", 0.5, None, details), terminal=True))


def test_counts_come_from_runs_and_transfers() -> None:
    details = SimpleNamespace(completed_steps=3, total_steps=0)
    assert "3/?" in lines(Progress("running", 0.5, None, details))[0]


def test_on_a_terminal_the_bar_fits() -> None:
    details = SimpleNamespace(**{**vars(RUNNING), "current_step_text": "Aspirate 50 µL from A1 of " + "x" * 200})
    shown = lines(Progress("running", 0.5, dt.timedelta(seconds=5), details), terminal=True)
    assert all(len(line.split("\x1b")[0]) <= 79 for line in shown)
    assert any("…" in line for line in shown)
