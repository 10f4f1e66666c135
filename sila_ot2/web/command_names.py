"""Names of SiLA commands in texts of servers: operators read what to press, or what to run in a terminal."""

from __future__ import annotations

import re
from typing import Final

from sila_ot2.client.generated.asynchronous import features
from sila_ot2.web import sentences, texts

BUTTONS: Final = {
    "PauseRun": texts.PAUSE,
    "ResumeRun": texts.RESUME,
    "StopRun": texts.STOP,
    "RunProtocol": texts.RUN_IT,
    "UploadProtocol": texts.UPLOAD,
    "UploadDataFile": texts.UPLOAD,
    "AnalyzeProtocol": texts.CHECK_AGAIN,
    "RunHistory": texts.HISTORY,
    "ReconcileState": texts.LOOKED,
    "DiscardTipUntracked": texts.LOOKED,
    "ResetTips": texts.DECLARE_RACK,
    "MarkTips": texts.MARK,
    "DeclareLabware": texts.DECLARE,
    "ClearSlot": texts.CLEAR_SLOT,
    "ForgetDeck": texts.FORGET_SLOT,
    "SetTemperature": texts.SET,
    "SetHeaterTemperature": texts.SET,
    "SetShakeSpeed": texts.SET,
    "SetBlockTemperature": texts.SET,
    "SetLidTemperature": texts.SET,
    "DeactivateHeater": texts.OFF,
    "DeactivateShaker": texts.OFF,
    "DeactivateBlock": texts.OFF,
    "DeactivateLid": texts.OFF,
    "OpenLatch": texts.OPEN,
    "CloseLatch": texts.CLOSE_PART,
    "OpenLid": texts.OPEN,
    "CloseLid": texts.CLOSE_PART,
    "TakePicture": texts.TAKE_PICTURE,
    "SetRailLights": texts.LIGHTS,
    "RetrieveServerLog": texts.SHOW_LOG,
}
"""What the page has for commands, and for a property that texts name."""


def _commands() -> dict[str, str]:
    """Return the features by their commands, as the contract names both; names that are plain words are left out."""
    found = {}
    for name, feature in vars(features).items():
        if name.startswith("Async") and hasattr(feature, "IDENTIFIER"):
            methods = [each for each, member in vars(feature).items() if callable(member) and not each.startswith("_")]
            named = ["".join(map(_capitalized, method.split("_"))) for method in methods if "_" in method]
            found.update(dict.fromkeys(named, feature.IDENTIFIER.split("/")[-2]))
    return found


def _capitalized(word: str) -> str:
    return "SiLA" if word == "sila" else word.capitalize()


COMMANDS: Final = _commands()
_NAMED = re.compile(rf"\b(?:(?P<call>[Cc])all )?(?P<name>{'|'.join(sorted({*COMMANDS, *BUTTONS}))})\b")
_OF_METADATA = re.compile(r"^\S+ needs the metadata \S+\. ")
"""What a server says first to a client that has not locked it, or has not logged in; the reason comes after it."""


def in_words(text: str) -> str:
    """Return a text of a server in which commands are named as the page names them."""
    return _NAMED.sub(_words, _OF_METADATA.sub("", text))


def _words(named: re.Match[str]) -> str:
    name, call = named["name"], named["call"] or ""
    if button := BUTTONS.get(name):
        words = sentences.press(button) if call else sentences.quoted(button)
    else:
        words = sentences.run_command(f"{COMMANDS[name]}.{name}") if call else sentences.command(name)
    return words[0].upper() + words[1:] if call == "C" else words
