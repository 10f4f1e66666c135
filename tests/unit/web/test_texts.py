"""The page has words for everything that a server may say: a value of the contract without one would break a view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from sila_ot2.client.generated import (
    ot2_camera_service,
    ot2_deck_picture_provider,
    ot2_deck_service,
    ot2_status_provider,
    ot2_tip_tracking_service,
    protocol_service,
    run_controller,
)
from sila_ot2.web import facts, movable_parts, readings, sentences, texts, timeline, view


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (texts.STATUS, ot2_status_provider.DeviceStatus),
        (texts.RUN_STATUS, run_controller.Status),
        (texts.RUN_STATUS, run_controller.Result),
        ({"NotPaused": "", **texts.PAUSE_REASON}, run_controller.PauseReason),  # of a run that goes on nothing is said
        (texts.DOOR, ot2_status_provider.DoorState),
        (texts.CHECK_RESULT, protocol_service.Result),
        (texts.DECK_SOURCE, ot2_deck_picture_provider.DeckSource),
        (texts.TIP_STATES, ot2_tip_tracking_service.TipState),
        (texts.MODULE_PARTS, readings.Part),
        ({"Connecting": "", **texts.CONNECTION_EVENTS}, facts.Connection),
        (texts.REACHABILITY, ot2_status_provider.State),
        (texts.MOVABLE_PARTS, movable_parts.MovablePart),
        (texts.SLOT_STATES, ot2_deck_service.State),
        (texts.DECK_KNOWN_BY, ot2_deck_service.Source),
        (texts.COMMAND_KINDS, timeline.Kind),
        (texts.PICTURE_MOMENTS, ot2_camera_service.Moment),
        (view.TONES, ot2_status_provider.DeviceStatus),
    ],
)
def test_every_value_of_the_contract_has_words(words: Mapping[str, str], values: Any) -> None:
    assert set(get_args(values)) - words.keys() == set()


@pytest.mark.parametrize("character", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_a_text_of_the_server_turns_nothing_around(character: str) -> None:
    assert sentences.in_order(f"plate {character}\u05d0 in slot 12") == "plate \u05d0 in slot 12"


def test_a_name_is_kept_apart_from_what_comes_after_it_whatever_is_in_it() -> None:
    for name in ("\u05d0", "\u2067\u05d0", "\u05d0\u2069", "\u2068\u05d0"):
        assert sentences.in_order(f"{sentences.isolated(name)} in slot 12") == "\u2068\u05d0\u2069 in slot 12"
