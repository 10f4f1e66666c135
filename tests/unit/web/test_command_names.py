"""Texts of servers as an operator reads them: buttons of the page, or a command line, and no commands of SiLA."""

from __future__ import annotations

import pytest

from sila_ot2.permissions import ROLES
from sila_ot2.web import texts
from sila_ot2.web.command_names import BUTTONS, COMMANDS, in_words
from tests.fakes.page import ACTIONS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Do what is asked for, then call ResumeRun or StopRun.", 'then press "Resume" or "Stop".'),
        ("Call AnalyzeProtocol first.", f'Press "{texts.CHECK_AGAIN}" first.'),
        ("Wait for its end, or stop it with StopRun first.", 'or stop it with "Stop" first.'),
        ("RunHistory lists the runs.", '"History" lists the runs.'),
        ("Look at the robot, then call ReconcileState.", f'then press "{texts.LOOKED}".'),
        (
            "Look at the robot, then call ReleaseStop.",
            "then run in a terminal: sila-ot2 call OT2SafetyStopController.ReleaseStop.",
        ),
        ("Wait, or release it with ReleaseRun.", "or release it with the command ReleaseRun."),
        ("Home the robot, and call somebody.", "Home the robot, and call somebody."),
    ],
)
def test_commands_are_named_as_the_page_names_them(text: str, words: str) -> None:
    assert in_words(text).endswith(words)


def test_refusal_by_a_lock_is_shown_without_identifiers_of_sila() -> None:
    lock = "org.silastandard/core/LockController/v1/Metadata/LockIdentifier"
    said = f"{ACTIONS}RunProtocol needs the metadata {lock}. The server is locked by a client. Nothing was done"
    assert in_words(said) == "The server is locked by a client. Nothing was done"


def test_every_command_of_the_contract_is_known() -> None:
    named = {(feature, each) for feature, roles in ROLES.items() for each in " ".join(roles.values()).split()}
    plain = {(feature, command) for feature, command in named if sum(letter.isupper() for letter in command) == 1}
    assert {(feature, command) for feature, command in named - plain if COMMANDS.get(command) != feature} == set()


def test_every_button_is_that_of_a_command_or_of_a_property_that_texts_name() -> None:
    assert set(BUTTONS) - set(COMMANDS) == {"RunHistory"}
