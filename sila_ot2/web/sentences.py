"""Texts of the page that have numbers or names in them; see `texts` for the others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sila_ot2.web import texts

TURNING = ("R", "AL", "AN", "RLE", "RLO", "RLI", "LRO")
"""The kinds of characters that turn a text from right to left, or overrule its direction."""


ISOLATE, POP = "\u2068", "\u2069"
OVERRIDES = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067"))
"""Characters that turn around all that comes after them, and that no name needs."""
UNPAIRED = re.compile(f"({ISOLATE}[^{ISOLATE}{POP}]*{POP})|[{ISOLATE}{POP}]")
"""What stands alone of a pair; a whole pair is the first group."""
LOOPBACK = ("127.0.0.1", "::1")
"""Addresses of the computer on which the server is."""


def isolated(name: str) -> str:
    """Return a name that somebody gave so that it turns no text around it from right to left."""
    turns = any(unicodedata.bidirectional(each) in TURNING for each in name)
    name = name.replace(ISOLATE, "").replace(POP, "")
    return f"{ISOLATE}{name}{POP}" if turns else name


def in_order(text: str) -> str:
    """Return a text in which no name that somebody gave turns around what comes after it, such as "slot 12"."""
    return UNPAIRED.sub(r"\1", text.translate(OVERRIDES))


def too_many_attempts(wait_s: float) -> str:
    """Return what to say after too many wrong passwords."""
    return f"Too many attempts. Try again in {wait_s:.0f} s."


def not_logged_in_at(server: str) -> str:
    """Return what to say to a person who is logged in, but not at the server of this robot."""
    return (
        f"You are not logged in at the server of {server}: it does not know you, or did not answer when you logged in. "
        "Nothing was sent. Log out, and log in again."
    )


def stale(since: str, reason: str) -> str:
    """Return what to say while the server does not answer, and did before."""
    return (
        f"No connection to the SiLA server since {since}. What is shown is what was known then; the robot goes on. "
        f"{reason}"
    )


def log_in_needed(reason: str) -> str:
    """Return what to say while the server answers and lets the page read nothing."""
    return (
        "The SiLA server answers, and shows nothing to this page without a log-in. Pause and Stop still work on the "
        "server's current run. The person who runs the page gives it a user with: sila-ot2 web --user NAME. "
        f"{reason}"
    )


def no_answer_yet(address: str) -> str:
    """Return what to say before the server has answered for the first time."""
    return f"Connecting to the SiLA server at {address}."


def commands(completed: int, total: int) -> str:
    """Return how far a run is; a total of zero is not known."""
    return f"{completed} of {total} steps" if total else f"{completed} steps"


def remaining(seconds: float) -> str:
    """Return how long a run is expected to continue."""
    return f"about {duration(seconds)} left"


def duration(seconds: float) -> str:
    """Return a time span with its units, as long as a person needs it."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{round(whole / 60)} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def tips(free: int, used: int, racks: int) -> str:
    """Return how many tips are left, and how many are used."""
    return f"{free} unused, {used} used in {racks} {'rack' if racks == 1 else 'racks'}"


def tips_used(count: int) -> str:
    """Return how many tips a run has used so far."""
    return f"{count} {'tip' if count == 1 else 'tips'} used"


def client(address: str, user: str) -> str:
    """Return which client it is; empty if that is not known."""
    if not address:
        return isolated(user)
    place = texts.SERVERS_COMPUTER if address.strip("[]") in LOOPBACK else address
    return f"{isolated(user) or texts.A_CLIENT} at {place}"


def held(by_what: str, who: str) -> str:
    """Return by what the robot is held, and by whom."""
    return f"{by_what}: {who}"


def locked_by(who: str, since: str) -> str:
    """Return who has locked the server; empty if that is not known."""
    return f"It was locked by {who}, {since}." if who else ""


def held_by_session(since: str) -> str:
    """Return that a session of single commands holds the robot, and since when."""
    return f"a session of single commands, open since {since}"


def software(name: str, release: str) -> str:
    """Return which robot it is."""
    return f"{name}, software {release}" if name else texts.NOT_KNOWN


def reachability(state: str, why: str) -> str:
    """Return that the server has begun or ceased to reach the robot, and why."""
    return f"{texts.REACHABILITY[state]} {why}".rstrip()


def door(state: str) -> str:
    """Return how the door is now."""
    return f"The door is {state}."


def done_by_others(run: str, action: str) -> str:
    """Return what somebody else has done to a run."""
    return done_by(run, action, texts.BY_SOMEBODY_ELSE)


def done_by(run: str, action: str, who: str) -> str:
    """Return what somebody has done to a run."""
    return f"{run}: {action} by {who}."


def event_of_run(run: str, what: str) -> str:
    """Return what has become of a run."""
    return f"{run}: {what}."


def quoted(label: str) -> str:
    """Return a label of the page within a sentence."""
    return f'"{label}"'


def press(label: str) -> str:
    """Return what to do with a button of the page, within a sentence."""
    return f"press {quoted(label)}"


def command(name: str) -> str:
    """Return a command that the page does not have, within a sentence."""
    return f"the command {name}"


def run_command(name: str) -> str:
    """Return what to run for a command that the page does not have, within a sentence."""
    return f"run in a terminal: sila-ot2 call {name}"


def failed(action: str, reason: str) -> str:
    """Return what to say when an action did not succeed."""
    return f"{action}: {reason}"


def stopped(status: str) -> str:
    """Return how a run ended that was stopped."""
    return f"The run has ended: {texts.RUN_STATUS[status]}."


def simulated(status: str) -> str:
    """Return the status of a simulated robot, which nobody shall take for that of the robot."""
    return f"Simulated: {status}"


def line(number: int) -> str:
    """Return which line of a protocol is meant."""
    return f"Line {number}"


def more_faults(count: int) -> str:
    """Return how many faults of a protocol are not shown."""
    return f"And {count} more, which are not shown."


def uploaded(what: str) -> str:
    """Return what to say of a file that was uploaded."""
    return f"{what} is on the server."


def uploaded_at(name: str, when: str) -> str:
    """Return a protocol and when it was uploaded."""
    return f"{isolated(name)}, uploaded {when}"


def on_deck(location: str, name: str) -> str:
    """Return what a protocol wants on the deck, and where."""
    name = isolated(name)
    if location.isdecimal():
        return f"{name} in slot {location}"
    if location == "offDeck":
        return f"{name} beside the deck"
    return f"{name} {location}" if location.startswith("on ") else f"{name} on {location}"


def too_large(most_bytes: int) -> str:
    """Return what to say of files that are too large."""
    return f"The files are larger than {most_bytes // 1024**2} MiB."


def limits(smallest: str, largest: str) -> str:
    """Return between which values a parameter must be; either may be empty."""
    if smallest and largest:
        return f"From {smallest} to {largest}."
    return f"At least {smallest}." if smallest else f"At most {largest}." if largest else ""


def needed(what: str, instead: str) -> str:
    """Return what a protocol needs, and what is there instead; empty if that is not to be said."""
    return f"needs {what}, attached: {instead}" if instead else f"needs {what}"


def liquid(name: str, volume_ul: float) -> str:
    """Return how much of a liquid a protocol needs."""
    return f"{isolated(name)}: {volume_ul:g} µL"


def tips_needed(count: int, slot: str) -> str:
    """Return how many tips a protocol takes from a rack."""
    return f"{count} from the rack in slot {slot}"


def unused(count: int) -> str:
    """Return how many tips a rack has left."""
    return f"{count} unused"


def declared_there(what: str) -> str:
    """Return what was declared where a protocol needs something."""
    return f"declared: {what}"


def calibration(what: str, state: str) -> str:
    """Return how something is calibrated."""
    return f"{what}: {state}"


def calibration_of_pipette(mount: str, missing: Sequence[str]) -> str:
    """Return what of a pipette is not calibrated."""
    return f"{mount} pipette: " + (f"{' and '.join(missing)} not calibrated" if missing else "calibrated")


def pipette(mount: str, name: str) -> str:
    """Return which pipette it is."""
    return f"{mount.capitalize()} pipette, {name}"


def reported_tip(state: str) -> str:
    """Return what the server knows of the tip of a pipette."""
    return f"As far as the server knows: {state}."


def drop_tip(mount: str) -> str:
    """Return what makes the robot drop a tip."""
    return f"Drop the tip of the {mount} pipette"


def question(label: str) -> str:
    """Return a button's label as a question."""
    return f"{label}?"


def failed_step(number: int, command: str) -> str:
    """Return which step of a run failed."""
    return f"Step {number} ({command}) failed."


def precise(seconds: float) -> str:
    """Return how long a command took."""
    return f"{seconds:.1f} s"


def log_size(rows: int) -> str:
    """Return how long a log is."""
    return commands(rows, 0)


def timeline_row(kind: str, count: int, seconds: float) -> str:
    """Return how often something happened in a run, and how long that took."""
    return f"{kind}: {count}, {duration(seconds)}"


def run_picture(moment: str, when: str) -> str:
    """Return when a picture of a run was taken."""
    return f"{texts.PICTURE_MOMENTS[moment]}, {when}"


def rack(slot: str, definition: str) -> str:
    """Return which rack it is."""
    return f"Slot {slot}: {definition}"


def rack_tips(free: int, used: int, unknown: int) -> str:
    """Return what is in a rack."""
    return f"{free} unused, {used} used" + (f", {unknown} not known" if unknown else "")


def slot(number: str) -> str:
    """Return a slot of the deck."""
    return f"Slot {number}"


def known_since(source: str, when: str) -> str:
    """Return from whom something is known, and since when."""
    return f"{source}, {when}."


def declared(number: str) -> str:
    """Return what to say once a person has said what stands in a slot."""
    return f"The server has noted what stands in slot {number}."


def forgotten(number: str) -> str:
    """Return what to say once the server has forgotten what stands in a slot."""
    return f"The server has forgotten what stands in slot {number}."


def value(actual: float, unit: str) -> str:
    """Return a value of a module."""
    return f"{actual:.1f} {unit}"


def target(value: float | None, unit: str) -> str:
    """Return the target of a value."""
    return "no target" if value is None else f"target {value:.1f} {unit}"


def plot(name: str, lowest: float, highest: float, unit: str) -> str:
    """Return what a plot shows, for people who cannot see it."""
    return f"{name} in the last hours: from {lowest:.1f} to {highest:.1f} {unit}"


def magnets(*, engaged: bool, height: float) -> str:
    """Return how the magnets of a module are."""
    return f"raised, {height:.1f} mm" if engaged else "lowered"


def moved(part: str, label: str) -> str:
    """Return what to say once the robot has moved a part of a module."""
    return f"{part}, {label}: the robot has done it."


def newest_lines(count: int) -> str:
    """Return how much of the server's log is shown."""
    return f"The newest {count} lines are shown."
