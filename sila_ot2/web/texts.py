"""Texts of the page that are not from the server. A translation replaces this module, `sentences` and `remedies`."""

from __future__ import annotations

from typing import Final

TITLE: Final = "OT-2"
OVERVIEW: Final = "All robots"
NO_ROBOTS: Final = "No robot yet"
NO_ROBOTS_REMEDY: Final = "Servers that announce themselves on the network are shown here as soon as they are found."
SKIP: Final = "Skip to the content"
SECTIONS: Final = "Parts of this page"

STATUS: Final = {
    "Ready": "Ready",
    "Busy": "Busy",
    "Paused": "Paused",
    "NeedsAttention": "Needs attention",
    "Unreachable": "Robot unreachable",
    "Stopped": "Stopped",
}
"""The words for the status of the robot."""
NO_CONNECTION: Final = "No connection"
NO_CONNECTION_REMEDY: Final = (
    "Start the server on its computer (sila-ot2 serve), or check the network. The page connects by itself."
)
CONNECTING: Final = "Connecting"
LOG_IN_NEEDED: Final = "Log-in needed"
RUN_STATUS: Final = {
    "Idle": "not started",
    "Starting": "starting",
    "Running": "running",
    "Paused": "paused",
    "PausedByDoor": "paused by the open door",
    "AwaitingRecovery": "waiting for recovery",
    "Stopping": "stopping",
    "Finishing": "finishing",
    "Stopped": "stopped",
    "Failed": "failed",
    "Succeeded": "succeeded",
    "Unknown": "unknown",
}
"""The words for the status of a run."""
PAUSE_REASON: Final = {
    "ByClient": "Paused on request.",
    "BySomebodyElse": "Paused by somebody else: another program, or the button at the front of the robot.",
    "ByProtocol": "Paused by the protocol.",
    "ByDoor": "Paused because the door is open. Close it, then resume.",
    "Unknown": "Paused; the reason is not known.",
}
DOOR: Final = {"Open": "open", "Closed": "closed", "Unknown": "not known"}

NOW: Final = "Now"
RUN: Final = "Run"
NO_RUN: Final = "No run"
NEXT: Final = "Next"
PROGRESS: Final = "Progress of the run"
DOOR_LABEL: Final = "Door"
PIPETTES: Final = "Pipettes"
MODULES: Final = "Modules"
TIPS: Final = "Tips"
TRASHED_TIPS: Final = "Tips in the trash"
HOLDER: Final = "Robot held by"
ROBOT: Final = "Robot"
STARTED: Final = "Started"
NONE: Final = "none"
NOT_KNOWN: Final = "not known"
UNTITLED: Final = "without a label"
TO_DO: Final = "To do"
LAST_ERROR: Final = "Last error"
PROMPT: Final = "The protocol asks you"
OTHER_ACTIONS: Final = "Done by somebody else during this run"

EVENTS: Final = "Events"
NO_EVENTS: Final = "Nothing has happened, as far as the server and this page know."
CONNECTION_EVENTS: Final = {
    "Connected": "The SiLA server answers again.",
    "Lost": "The SiLA server does not answer.",
    "LogInNeeded": "The SiLA server shows nothing without a log-in.",
}
REACHABILITY: Final = {
    "Reachable": "The server reaches the robot.",
    "Unreachable": "The server does not reach the robot.",
}
LOCKED_EVENT: Final = "A client has locked the server."
UNLOCKED_EVENT: Final = "The server is no longer locked."
OTHERS_BEGAN: Final = "Another program has begun to use the robot."
OTHERS_ENDED: Final = "The other program no longer uses the robot."

NOBODY: Final = "nobody"
HELD_BY_RUN: Final = "a run of this server"
HELD_BY_COMMAND: Final = "a command of this server"
HELD_BY_LOCK: Final = "a client that has locked the server"
A_CLIENT: Final = "a client"
SERVERS_COMPUTER: Final = "the server's own computer"
HELD_BY_OTHER: Final = "another program, such as the Opentrons App"
LOCKED: Final = "The server is locked by one of its clients, so nothing can be started here. Pause and Stop still work."
UNLOCK: Final = "To remove the lock, run this on the server's computer:"
UNLOCK_COMMAND: Final = "sila-ot2 unlock"

PAUSE: Final = "Pause"
RESUME: Final = "Resume"
STOP: Final = "Stop"
CLOSE: Final = "Close"
CANCEL: Final = "Do not stop"
STOP_QUESTION: Final = "Stop this run?"
STOP_MEANS: Final = (
    "The robot stops its movement, drops its tips into the trash with the liquid in them, and homes.",
    "The run cannot be resumed.",
    "Modules stay as they are: what heats goes on heating. With the setting modules.switch_off_after, the server "
    "switches them off after its runs.",
    "This takes up to half a minute.",
)
STOP_OTHERS: Final = "Another program started this run. It is stopped anyway."
NOT_AN_EMERGENCY_STOP: Final = "This is not an emergency stop. In danger, switch off the robot's power."
UNSEEN_RUN: Final = "The current run of this server. The page may not read which one that is."
STOP_NOW: Final = "Yes, stop the run"

LOOKED: Final = "I have looked at the robot"
LOOK_AT_PIPETTES: Final = "What is on the pipettes?"
LOOK_MEANS: Final = (
    "Look at the deck and at each pipette. The robot has no sensors for tips: the server uses what you enter here.",
    "A tip that the server does not know of: have the robot drop it into the trash, or take it off by hand and enter "
    "that there is none. Do not take off any other tip.",
)
AS_REPORTED: Final = "as the server knows it"
SEEN_TIPS: Final = {"NoTip": "no tip", "Tip": "a tip"}
REPORTED_TIPS: Final = {**SEEN_TIPS, "Unknown": "not known"}
LOOKED_SO: Final = "I have looked: this is so"
LOOKED_DONE: Final = "The server has noted what you have seen."
SAY_WHAT_YOU_SEE: Final = "For each pipette that is not known, enter whether it holds a tip."
PIPETTES_CHANGED: Final = (
    "What the server knows of the pipettes has changed. Nothing was sent. Look at the robot again."
)
NO_PIPETTES: Final = "The server knows of no pipette at present."
DROP_MEANS: Final = (
    "The robot moves: it homes, travels to the trash, and ejects what is on the pipette.",
    "Keep your hands out of the robot, and close its door.",
    "This takes up to half a minute.",
)
DO_NOT_DROP: Final = "Do not move"
DROP_NOW: Final = "Yes, drop the tip"
TIP_DROPPED: Final = "The robot has dropped the tip."

SET_UP: Final = "Set up a run"
LOG_IN_TO_RUN: Final = "Log in to set up a run."
PROTOCOL: Final = "Protocol"
KNOWN_PROTOCOLS: Final = "Protocols on the server"
CHOOSE: Final = "Choose"
UPLOADS: Final = "Upload a file"
UPLOAD_PROTOCOL: Final = "A protocol: Python, JSON, or a zip archive"
SUPPORT_FILES: Final = "Further files that the protocol needs, such as labware"
UPLOAD_CSV: Final = "A data file (CSV) for a parameter"
UPLOAD: Final = "Upload"
NO_FILE: Final = "No file was chosen."
PARAMETERS: Final = "Parameters"
CHECKLIST: Final = "Checklist"
CHECK: Final = "Check"
CHECK_AGAIN: Final = "Check with these values"
CHECKING: Final = "The robot checks the protocol. Nothing moves."
CHECK_CHANGED: Final = "The values differ from those that were checked. Check with these values before the run."
CHECK_RESULT: Final = {
    "Ok": "The robot found no fault in the protocol.",
    "NotOk": "The protocol has faults and cannot run.",
    "ParameterValueRequired": "A parameter needs a value first.",
}
START: Final = "Start"
MAY_START: Final = "A run may start now."
LABEL: Final = "Label"
LABEL_HINT: Final = "A text that is kept with the run, such as a plate number."
USE_OFFSETS: Final = "Apply the labware offsets that the server keeps"
RUN_IT: Final = "Run"
RUN_AGAIN: Final = "Run again"
RUN_BEGUN: Final = "The run has begun."
DECK: Final = "Deck"
LIQUIDS: Final = "Liquids"
CALIBRATION: Final = "Calibration"
DECK_CALIBRATION: Final = {
    "Calibrated": "calibrated",
    "NotCalibrated": "not calibrated; the factory values are in use",
    "MarkedBad": "marked as bad",
    "Unusable": "not usable",
    "Unknown": "not known",
}
OFFSET: Final = "offset"
TIP_LENGTH: Final = "tip length"
STEPS: Final = "Steps"
ESTIMATE: Final = "Expected duration"
VERDICTS: Final = {"good": "in order", "bad": "not in order", "look": "please check"}

HISTORY: Final = "History"
NO_HISTORY: Final = "No run has ended yet."
RUN_COLUMNS: Final = ("Run", "Result", "Started", "Duration", "Steps", "Tips", "Log")
LOG: Final = "Log"
LOG_COLUMNS: Final = ("Step", "Started", "Took", "Command", "Parameters", "Outcome")
FILE: Final = "File (CSV)"
READING: Final = "Reading"
TIMELINE: Final = "Timeline"
COMMAND_KINDS: Final = {
    "tips": "Tips",
    "liquid": "Liquid",
    "movement": "Movements",
    "modules": "Modules",
    "waiting": "Waiting and messages",
    "other": "Other",
}
"""The kinds of commands, in the order in which they are shown."""
PAUSES: Final = "Paused on request"
MOMENTS: Final = "What was done to the run"
MOMENT_COLUMNS: Final = ("Time", "What", "By")
RUN_STARTED: Final = "started"
RUN_ACTIONS: Final = {"play": "resumed", "pause": "paused", "stop": "stopped"}
"""The words for actions of the robot; others are shown as the robot names them."""
BY_THIS_SERVER: Final = "a client of this server"
BY_SOMEBODY_ELSE: Final = "another program, or the button at the front of the robot"
PICTURES: Final = "Pictures"
PICTURE_MOMENTS: Final = {
    "Start": "Start",
    "Pause": "Pause",
    "End": "End",
    "Failure": "Failure",
    "Protocol": "Taken by the protocol",
}

DECK_ALT: Final = "Picture of the deck; the map of slots shows the same in words"
DRAWING: Final = "The deck is being drawn."
DECK_SOURCE: Final = {
    "Session": "The deck of the open session.",
    "Run": "What the current run has loaded so far.",
    "Known": "What is known from before: declared, handed over, or loaded by earlier sessions and runs.",
    "Nothing": "Nothing is known to stand on the deck.",
}
NO_RACKS: Final = "No tip rack is declared, so tips are not counted."
NEW_RACK: Final = "A full rack is there now"
RACK_RENEWED: Final = "The rack is full."
MARK: Final = "Mark these tips"
TIPS_MARKED: Final = "The tips are marked."
SLOTS: Final = "Slots"
SLOTS_HINT: Final = "Press a slot to enter what stands there, that it is empty, or which tips are left."
LOG_IN_TO_DECLARE: Final = "Log in to enter what stands there."
FIXED_TRASH: Final = "Trash"
SLOT_STATES: Final = {
    "Unknown": "not known",
    "Empty": "empty",
    "Occupied": "something stands there",
    "InUse": "in use by a run or session",
    "Mismatch": "something else than was declared",
}
DECK_KNOWN_BY: Final = {
    "Nothing": "Not known",
    "Declared": "Declared",
    "Handover": "Handed over by an arm",
    "Session": "Loaded by a session",
    "Run": "Loaded by a run",
}
CLEAR_SLOT: Final = "Nothing stands there"
FORGET_SLOT: Final = "Forget what is known"
WELLS: Final = "Places"
WELLS_HINT: Final = "For example A1 B1 C1; all places of the rack if this is empty."
TIP_STATE: Final = "What is there"
TIP_STATES: Final = {
    "Free": "unused tips",
    "Reserved": "unused tips that are not given out",
    "Used": "used tips",
    "Empty": "no tips",
    "Unknown": "not known",
}
DECLARE_RACK: Final = "Note it as a full tip rack"
DECLARE_LABWARE: Final = "What stands there"
NAME_LABWARE: Final = "Enter the labware, or choose a module."
MORE_OF_LABWARE: Final = "Adapter, module and name"
ADAPTER: Final = "Adapter below it"
ADAPTER_HINT: Final = "Its definition; empty if there is none."
MODULE: Final = "Module below it"
LABWARE_LABEL: Final = "Name"
LABWARE_LABEL_HINT: Final = "Its name in the laboratory, such as a plate number; it may be empty."
DECLARE: Final = "Note this labware"
DEFINITION: Final = "Labware"
DEFINITION_HINT: Final = "Its definition, for example opentrons/opentrons_96_tiprack_300ul/1. Type a part of its name."

NO_MODULES: Final = "No module is attached."
MODULE_PARTS: Final = {
    "plate": "Temperature",
    "heater": "Heater",
    "shaker": "Shaker",
    "block": "Block",
    "lid": "Lid heater",
}
TARGET: Final = "Target"
SET: Final = "Set"
OFF: Final = "Off"
SET_DONE: Final = "The module has the new target."
OFF_DONE: Final = "It is switched off."
NAME_TARGET: Final = "Enter the target as a number, such as 37.5, with a point."
MOVABLE_PARTS: Final = {"latch": "Latch", "lid": "Lid", "magnets": "Magnets"}
PART_STATES: Final = {
    "open": "open",
    "closed": "closed",
    "in_between": "half open",
    "opening": "opening",
    "closing": "closing",
    "idle_open": "open",
    "idle_closed": "closed",
    "idle_unknown": "not known",
    "unknown": "not known",
}
"""The words for what the robot reports of latches and lids; others are shown as the robot names them."""
ARM_MAY_MOVE: Final = "The robot may move its arm out of the way first."
OPEN: Final = "Open it"
CLOSE_PART: Final = "Close it"
MAGNET_HEIGHT: Final = "Height above the base of the labware (mm)"
MAGNET_HEIGHT_HINT: Final = "From -2.5 to 22.5; modules of the first generation reach 20."
NAME_HEIGHT: Final = "Enter the height as a number, such as 4.5, with a point."
RAISE: Final = "Raise"
LOWER: Final = "Lower"

SERVICE: Final = "Camera and service"
CAMERA: Final = "Camera"
TAKE_PICTURE: Final = "Take a picture"
PICTURE_ALT: Final = "The deck, as the camera saw it"
LIGHTS: Final = "Lights"
LIGHTS_ON: Final = "Switch the lights on"
LIGHTS_OFF: Final = "Switch the lights off"
BLINK: Final = "Blink for 10 s"
LIGHTS_DONE: Final = "The robot has confirmed it."
BLINK_DONE: Final = "The robot has blinked."
SERVER_LOG: Final = "Log of the server"
SHOW_LOG: Final = "Show the newest lines"
CERTIFICATE: Final = "Certificate"
CERTIFICATE_WHY: Final = "Other SiLA clients need this file to trust the server."
NO_CERTIFICATE: Final = "This page knows no certificate of the server: the server does not encrypt."
PICTURE_TAKEN: Final = "The picture is taken."
DOWNLOAD: Final = "Download the certificate"

PAUSED_DONE: Final = "The run is paused."
RESUMED_DONE: Final = "The run goes on."
READ_ONLY: Final = "Read-only"
READ_ONLY_REMEDY: Final = "This page only shows. The person who runs it can allow more with: sila-ot2 web --control"
LOG_IN: Final = "Log in"
LOG_IN_TO_CONTROL: Final = "Log in to pause, resume and stop."
LOG_OUT: Final = "Log out"
USER: Final = "User"
LOG_IN_BY_NAME: Final = (
    "Your name and password at the SiLA servers of the robots. "
    "What you do is recorded under your name, except Pause and Stop, which need no user."
)
WRONG_USER: Final = "No server knows this name with this password."
NO_SERVER_TO_ASK: Final = "No server with users answers, so nobody can log in now."
PASSWORD: Final = "Password"  # noqa: S105 - a label
WRONG_PASSWORD: Final = "The password is wrong."  # noqa: S105 - a message
LOGGED_OUT: Final = "Your log-in has ended. Nothing was sent."
LOG_IN_AGAIN: Final = "Log in again, and come back to this page"
NOT_FOUND: Final = "There is no such robot on this page."
