"""A declared deck as a file: what is written can be read, tables too, and every fault is named with its place."""

from __future__ import annotations

import pytest

from sila_ot2.driver.deck.slots.deck_file import LARGEST_BYTES, read_deck, slot_of, write_deck
from sila_ot2.errors import DeckFileInvalid
from sila_ot2.times import utc_now

NOW = utc_now()
PLATE = "opentrons/corning_96_wellplate_360ul_flat/2"
ADAPTER = "opentrons/opentrons_96_flat_bottom_adapter/1"
DECK = [
    slot_of("1", PLATE, label="Probe Ä", now=NOW),
    slot_of("3", PLATE, ADAPTER, "heaterShakerModuleV1", now=NOW),
    slot_of("11", module="temperatureModuleV2", now=NOW),
]
FULL = [next((one for one in DECK if one.slot == str(n)), slot_of(str(n), now=NOW)) for n in range(1, 12)]


def test_a_deck_that_is_exported_can_be_imported_and_the_other_slots_are_empty() -> None:
    assert read_deck(write_deck(FULL), NOW) == FULL


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_table_says_the_same(delimiter: str, mark: str, end: str) -> None:
    lines = (
        ("Slot", "label", "labware", "adapter", "module"),
        ("1", "Probe Ä", PLATE),
        ("3", "", PLATE, ADAPTER, "heaterShakerModuleV1"),
        (),
        ("11", "", "", "", " temperatureModuleV2 ", ""),
    )
    table = mark + end.join(delimiter.join(cells) for cells in lines)
    assert read_deck(table.encode(), NOW) == FULL


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "columns"),
        (b"slot,plate\n1,x\n", "plate"),
        (b"labware\nx\n", "columns"),
        (b"slot,labware\n1,a/b/1\n12,a/b/1\n2,nonsense\n", "line 3, slot.*line 4, labware"),
        (b"slot,labware\n1,a/b/1,more\n", "line 2, a cell without a column"),
        (b"slot,labware,,\n1,a/b/1,,\n2,a/b/1,c/d/1\n", "line 3, a cell without a column"),
        (b"slot,labware,Labware\n1,a/b/1,c/d/1\n", "more than one column labware"),
        (b"slot\n1\n2\n1\n", "slot 1 more than once"),
        (b'slot,label\n1,"x\n', "not CSV"),
        (b"slot,label\n1,\xff\n", "UTF-8"),
        (b'{"format": "sila-ot2 deck 1"}', "slots: Field required"),
        (b'{"format": "sila-ot2 deck 2", "slots": []}', "format"),
        (b'{"format": "sila-ot2 deck 1", "slots": [{"slot": 1}]}', r"slots\.0\.slot"),
        (b'{"format": "sila-ot2 deck 1", "slots": [{"slot": "1", "extra": ""}]}', r"slots\.0\.extra"),
        (b"[]", "not a deck"),
        (b"{", "line 1, column 2"),
        (b"slot\n" + b" " * LARGEST_BYTES, "bytes"),
    ],
)
def test_a_fault_is_named_with_its_place(content: bytes, named: str) -> None:
    with pytest.raises(DeckFileInvalid, match=named):
        read_deck(content, NOW)


def test_labware_of_which_only_a_word_is_known_is_left_out_and_a_long_label_is_cut() -> None:
    word, long = slot_of("1", "deep well of the lab", now=NOW), slot_of("2", PLATE, label="x" * 300, now=NOW)
    odd = slot_of("3", PLATE, module="a module of a release to come", now=NOW)
    exported = {one.slot: one for one in read_deck(write_deck([word, long, odd]), NOW)}
    assert exported["1"].is_empty
    assert exported["3"].is_empty
    assert exported["2"].labware == (PLATE,)
    assert exported["2"].label == "x" * 200
