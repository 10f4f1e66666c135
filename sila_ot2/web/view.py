"""What is shown of a robot: pure functions from what its server reported to words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sila_ot2.client.generated.ot2_status_provider import Holder, HolderKind
from sila_ot2.client.generated.run_controller import CompletedRun, RunSummary
from sila_ot2.client.runs import ENDED_RUN_STATUSES
from sila_ot2.web import sentences, texts
from sila_ot2.web.command_names import in_words
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.remedies import remedy
from sila_ot2.web.times import local_time

Tone = Literal["good", "busy", "paused", "bad", "unknown"]
TONES: dict[str, Tone] = {
    "Ready": "good",
    "Busy": "busy",
    "Paused": "paused",
    "NeedsAttention": "bad",
    "Unreachable": "bad",
    "Stopped": "bad",
}
ICONS: dict[Tone, str] = {
    "good": "check_circle",
    "busy": "play_circle",
    "paused": "pause_circle",
    "bad": "error",
    "unknown": "cloud_off",
}


@dataclass(frozen=True, kw_only=True)
class ShownRun:
    """The current run.

    Attributes:
        title: its label, or the name of its protocol.
        status: how it is, in words.
        steps: how far it is, in words.
        tips: how many tips it has used so far, in words.
        fraction: how far it is, 0 to 1; None if that is not known.
        remaining: how long it is expected to continue, in words; empty if that is not known.
        started: when it was started; empty if it was not.
        pause: why it is paused; empty if it is not.
        others: what others did to it, one line each.
        active: whether it has not ended.
    """

    title: str
    status: str
    steps: str
    tips: str
    fraction: float | None
    remaining: str
    started: str
    pause: str
    others: tuple[str, ...]
    active: bool


@dataclass(frozen=True, kw_only=True)
class TipCount:
    """A declared tip rack.

    Attributes:
        slot: where it stands.
        definition: what it is.
        free, used, unknown: how many tips are so.
        low: whether few are left.
    """

    slot: str
    definition: str
    free: int
    used: int
    unknown: int
    low: bool


@dataclass(frozen=True, kw_only=True)
class RobotView:
    """What a page shows of a robot.

    Attributes:
        name: the name of its server.
        word: its status in a word or two.
        tone: how that word is colored.
        connected: whether the server answers and can be read; if not, everything else is as it was last known.
        notice: what is to be known first: there is no connection, or the robot is unreachable; empty if all is well.
        step: what is done now, in words.
        next_steps: what the run does then, in words; empty where the server does not know it.
        run: the current run.
        prompt: the message of the protocol to the operator.
        to_do: what a person has to do, each with the remedy.
        facts: further facts, label and text.
        locked: whether the server is locked.
        locked_by: who has locked it, in words; empty if it is not locked, or that is not known.
        can_pause, can_resume, can_stop: whether the server would accept that now; what is to stop the robot is also
            offered if the server does not say.
        must_look: whether a person has to say what is on the pipettes.
    """

    name: str
    word: str
    tone: Tone
    connected: bool
    notice: str
    step: str
    next_steps: tuple[str, ...]
    run: ShownRun | None
    prompt: str
    to_do: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    locked: bool
    locked_by: str
    can_pause: bool
    can_resume: bool
    can_stop: bool
    must_look: bool

    @property
    def icon(self) -> str:
        """The icon of the status: color alone does not carry the meaning."""
        return ICONS[self.tone]


def view(facts: RobotFacts) -> RobotView:
    """Return what is shown of a robot."""
    connected, unseen = facts.connection == "Connected", facts.connection == "LogInNeeded"
    allowed = {each.rsplit("/", 1)[-1] for each in facts.allowed_actions} if connected else set()
    run = run_view(facts)
    return RobotView(
        name=facts.name,
        word=_word(facts),
        tone=TONES.get(facts.device_status or "", "unknown") if connected else "unknown",
        connected=connected,
        notice=_notice(facts),
        step=facts.activity.explanation if facts.activity and not facts.operator_prompt else "",
        next_steps=facts.next_steps if connected else (),
        run=run,
        prompt=facts.operator_prompt,
        to_do=_to_do(facts),
        facts=_facts(facts),
        locked=facts.locked,
        locked_by=lock_holder(facts),
        can_pause=unseen or ("PauseRun" in allowed and run is not None),
        can_resume="ResumeRun" in allowed and run is not None,
        can_stop=unseen or ("StopRun" in allowed and run is not None and run.active),
        must_look=connected and any(each.code == "ReconcileState" for each in facts.required_actions),
    )


def run_view(facts: RobotFacts) -> ShownRun | None:
    """Return what is shown of the current run."""
    if not facts.current_run:
        return None
    run = facts.current_run[0]
    active = run.status not in ENDED_RUN_STATUSES
    return ShownRun(
        title=run_title(facts, run),
        status=texts.RUN_STATUS[run.status],
        steps=sentences.commands(run.completed_commands, run.total_commands),
        tips=sentences.tips_used(run.tips_used),
        fraction=min(run.completed_commands / run.total_commands, 1.0) if run.total_commands else None,
        remaining=sentences.remaining(run.remaining_time[0]) if active and run.remaining_time else "",
        started=local_time(run.started_at[0]) if run.started_at else "",
        pause=texts.PAUSE_REASON.get(run.pause_reason, "") if active else "",
        others=tuple(f"{local_time(each.occurred_at)}: {each.action}" for each in run.foreign_actions),
        active=active,
    )


def current_run(facts: RobotFacts) -> RunSummary | None:
    """Return the current run as the server reported it."""
    return facts.current_run[0] if facts.current_run else None


def run_title(facts: RobotFacts, run: RunSummary | CompletedRun) -> str:
    """Return what a run is called: its label, or the name of its protocol."""
    return sentences.isolated(run.label or protocol_name(facts, run.protocol_identifier)) or texts.UNTITLED


def protocol_name(facts: RobotFacts, identifier: str) -> str:
    """Return the name of a protocol; empty if the server does not know it."""
    return next((each.name for each in facts.protocols if each.protocol_identifier == identifier), "")


def _word(facts: RobotFacts) -> str:
    if facts.connection == "Lost":
        return texts.NO_CONNECTION
    if facts.connection == "LogInNeeded":
        return texts.LOG_IN_NEEDED
    if facts.connection == "Connecting" or facts.device_status is None:
        return texts.CONNECTING
    status = texts.STATUS[facts.device_status]
    return sentences.simulated(status) if facts.simulated else status


def _notice(facts: RobotFacts) -> str:
    if facts.connection == "Lost":
        return sentences.stale(local_time(facts.changed_at), facts.trouble) if facts.device_status else facts.trouble
    if facts.connection == "LogInNeeded":
        return sentences.log_in_needed(facts.trouble)
    if facts.connection == "Connecting":
        return sentences.no_answer_yet(facts.address)
    if facts.reachability is not None and facts.reachability.state == "Unreachable":
        return facts.reachability.explanation
    return ""


def _facts(facts: RobotFacts) -> tuple[tuple[str, str], ...]:
    pipettes = ", ".join(f"{each.mount} {each.name}" for each in facts.attached_pipettes)
    modules = ", ".join(f"{each.model} {each.state}".rstrip() for each in facts.attached_modules)
    if facts.device_status is None:
        return ()
    known = [
        (texts.ROBOT, sentences.software(facts.robot_name, facts.software_version)),
        (texts.HOLDER, holder(facts)),
        (texts.DOOR_LABEL, texts.DOOR[facts.door_state or "Unknown"]),
        (texts.PIPETTES, pipettes or texts.NONE),
        (texts.MODULES, modules or texts.NONE),
    ]
    if facts.tip_racks:
        free = sum(len(rack.free_tips) + len(rack.reserved_tips) for rack in facts.tip_racks)
        used = sum(len(rack.used_tips) for rack in facts.tip_racks)
        known.append((texts.TIPS, sentences.tips(free, used, len(facts.tip_racks))))
    if facts.trashed_tips is not None and facts.trashed_tips.count:
        known.append((texts.TRASHED_TIPS, str(facts.trashed_tips.count)))
    if facts.last_error:
        fault = facts.last_error[0]
        known.append((texts.LAST_ERROR, f"{local_time(fault.occurred_at)}: {in_words(fault.message)}"))
    return tuple(known)


def _to_do(facts: RobotFacts) -> tuple[tuple[str, str], ...]:
    """What a person has to do; what the protocol asks for is shown apart."""
    return tuple(
        (each.explanation, remedy(each.code, each.remedy, facts.address))
        for each in facts.required_actions
        if not (each.code == "ResumeRun" and facts.operator_prompt)
    )


def tip_counts(facts: RobotFacts) -> tuple[TipCount, ...]:
    """Return how many tips are left in each declared rack."""
    return tuple(
        TipCount(
            slot=each.slot,
            definition=each.definition_uri,
            free=len(each.free_tips) + len(each.reserved_tips),
            used=len(each.used_tips),
            unknown=len(each.unknown_places),
            low=each.low,
        )
        for each in facts.tip_racks
    )


def holder(facts: RobotFacts) -> str:
    """Return who holds the robot, in words."""
    held, who = _held_by(facts)
    return sentences.held(held, who) if who else held


def lock_holder(facts: RobotFacts) -> str:
    """Return who has locked the server, in words; empty if that is not known."""
    lock = _holding(facts, "Lock", "")
    return sentences.locked_by(_who(facts, "Lock", ""), local_time(lock.began_at)) if lock is not None else ""


def _held_by(facts: RobotFacts) -> tuple[str, str]:
    """Return by what the robot is held, and by whom; the latter is empty if it is not known."""
    work = facts.activity
    kind = work.kind if work else None
    if kind == "OtherClient" or (facts.current_run and facts.current_run[0].origin == "OtherClient" and _active(facts)):
        return texts.HELD_BY_OTHER, ""
    if kind in ("Command", "None") and facts.session and facts.session[0].state != "Lost":
        session = facts.session[0]
        return sentences.held_by_session(local_time(session.opened_at)), _who(facts, "Session", session.run_identifier)
    if work and kind == "Command":
        return texts.HELD_BY_COMMAND, _who(facts, "Command", work.explanation)
    if work and kind == "Run":
        return texts.HELD_BY_RUN, _who(facts, "Run", work.run_identifier)
    if kind == "None" and facts.locked:
        return texts.HELD_BY_LOCK, _who(facts, "Lock", "")
    return (texts.NOT_KNOWN if kind is None else texts.NOBODY), ""


def _holding(facts: RobotFacts, kind: HolderKind, name: str) -> Holder | None:
    """Return the holder by that command, run or session; holders are read less often than these are reported."""
    return next((each for each in facts.holders if (each.kind, each.name) == (kind, name)), None)


def _who(facts: RobotFacts, kind: HolderKind, name: str) -> str:
    found = _holding(facts, kind, name)
    return sentences.client(found.client, found.user) if found is not None else ""


def _active(facts: RobotFacts) -> bool:
    return facts.current_run[0].status not in ENDED_RUN_STATUSES
