"""The deck as a picture (SVG) and in words, from the labware definitions of what stands there.

Positions within labware are true to scale, in mm; the slots stand further apart than on the robot, so that there is
room for what each of them holds in words. No meaning depends on color alone: a used tip is a ring, a free one a disk,
and every well has a tooltip.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from sila_ot2.driver.deck.state.labware import SLOTS, Labware, Well

SLOT_MM = (127.76, 85.48)
"""A slot of the deck, to the right and to the back."""
PITCH_MM = (136.0, 104.0)
"""From slot to slot in the picture."""
MARGIN_MM = 8.0
FOOT_MM = 40.0
"""Below the deck, for the pipettes and the legend."""
TRASH = "12"
LONGEST_LABEL = 48
"""Characters of a label that fit below a slot."""
MODULES = {
    "temperatureModuleV1": "Temperature Module",
    "temperatureModuleV2": "Temperature Module GEN2",
    "magneticModuleV1": "Magnetic Module",
    "magneticModuleV2": "Magnetic Module GEN2",
    "thermocyclerModuleV1": "Thermocycler",
    "thermocyclerModuleV2": "Thermocycler GEN2",
    "heaterShakerModuleV1": "Heater-Shaker",
}
"""What people call the models of modules."""
_COVERED_BY_THERMOCYCLER = ("7", "8", "10", "11")
STYLE = """
text { font-family: 'Helvetica Neue', Arial, sans-serif; fill: #1f2933; }
.deck { fill: #eef1f4; }
.slot { fill: #dfe4e9; stroke: #b8c1cc; stroke-width: 0.5; }
.number { font-size: 16px; fill: #7b8794; text-anchor: middle; }
.label { font-size: 4.4px; }
.small { font-size: 4.4px; fill: #52606d; }
.heading { font-size: 5.5px; font-weight: bold; }
.labware { fill: #ffffff; stroke: #52606d; stroke-width: 0.7; }
.module { fill: none; stroke: #1f2933; stroke-width: 1.4; stroke-dasharray: 5 2; }
.well { fill: #f5f7fa; stroke: #7b8794; stroke-width: 0.4; }
.liquid { fill: #2b7bbb; stroke: none; }
.free { fill: #3f4d5a; stroke: #3f4d5a; stroke-width: 0.4; }
.used { fill: none; stroke: #9aa5b1; stroke-width: 0.6; }
.unknown { fill: #cbd2d9; stroke: #7b8794; stroke-width: 0.4; stroke-dasharray: 1 1; }
.pipette { fill: #ffffff; stroke: #52606d; stroke-width: 0.7; }
"""


@dataclass(frozen=True)
class DrawnLabware:
    """What stands in a slot, from what stands on the deck itself up to the topmost."""

    stack: tuple[Labware, ...]
    module_model: str = ""
    """Of the module below it all; empty: none."""
    used_tips: frozenset[str] = frozenset()
    """Places of a tip rack without a fresh tip."""
    unknown_tips: frozenset[str] = frozenset()
    """Places of which nobody knows whether they have one."""
    volumes_ul: Mapping[str, float] = field(default_factory=dict)
    """Liquid by well, as far as it is known."""

    @property
    def top(self) -> Labware | None:
        """What can be seen from above; None on an empty module."""
        return self.stack[-1] if self.stack else None

    @property
    def names(self) -> list[str]:
        """Return all of it, the topmost first."""
        names = [one.display_name or one.definition_name or one.load_name for one in reversed(self.stack)]
        return [*names, MODULES.get(self.module_model, self.module_model)] if self.module_model else names

    @property
    def name(self) -> str:
        """Return all of it in one line."""
        return " on ".join(self.names)

    @property
    def details(self) -> str:
        """Return what it holds, in words; empty if there is nothing to say."""
        if self.top is None:
            return ""
        if self.top.is_tip_rack:
            places = set(self.top.wells)
            unknown = len(places & self.unknown_tips)
            if unknown == len(places):
                return f"{unknown} tips, not known which are used"
            free = len(places - self.used_tips - self.unknown_tips)
            if not unknown:
                return f"{free} of {len(places)} tips free"
            known = (
                f"{free} of {len(places)} tips free" if free else f"{len(places) - unknown} of {len(places)} tips used"
            )
            return f"{known}, {unknown} not known"
        if not self.top.wells:
            return ""
        count = len(self.top.wells)
        wells = f"{count} wells" if count > 1 else "1 well"
        filled = [volume for volume in self.volumes_ul.values() if volume > 0]
        if not filled:
            return wells
        return f"{wells}, {_volume(sum(filled))} in {len(filled)} of them" if count > 1 else _volume(sum(filled))


@dataclass(frozen=True)
class DrawnPipette:
    """A pipette and what it holds."""

    mount: str
    name: str
    state: str
    """In words, such as: no tip."""


@dataclass(frozen=True)
class DrawnDeck:
    """Everything that is drawn."""

    title: str
    slots: Mapping[str, DrawnLabware]
    pipettes: Sequence[DrawnPipette] = ()

    def lines(self) -> list[tuple[str, str, str]]:
        """Return slot, name and details of all that stands on the deck, from slot 1 on."""
        return [(slot, self.slots[slot].name, self.slots[slot].details) for slot in SLOTS if slot in self.slots]


def draw(deck: DrawnDeck) -> bytes:
    """Return the picture: an SVG document in UTF-8."""
    width, height = 3 * PITCH_MM[0] + 2 * MARGIN_MM, 4 * PITCH_MM[1] + 2 * MARGIN_MM + FOOT_MM
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_mm(width)} {_mm(height)}",
            "width": "100%",
            "role": "img",
            "aria-labelledby": "deck-title deck-description",
        },
    )
    _text(svg, "title", deck.title, id="deck-title")
    _text(svg, "desc", _in_words(deck), id="deck-description")
    _text(svg, "style", STYLE)
    ET.SubElement(svg, "rect", {"class": "deck", "width": _mm(width), "height": _mm(height), "rx": "4"})
    covered = _COVERED_BY_THERMOCYCLER if _has_thermocycler(deck) else ()
    for slot in (*SLOTS, TRASH):
        group = ET.SubElement(svg, "g", {"id": f"slot-{slot}", "transform": _to(slot)})
        drawn = deck.slots.get(slot)
        if drawn is not None:
            _draw_slot(group, slot, drawn)
        else:
            _draw_empty(group, slot, "covered by the thermocycler" if slot in covered else "")
    _draw_foot(svg, deck, MARGIN_MM + 4 * PITCH_MM[1] + 4)
    document: bytes = ET.tostring(svg, encoding="utf-8", xml_declaration=True)
    return document


def _in_words(deck: DrawnDeck) -> str:
    slots = [f"Slot {slot}: {name}{f', {details}' if details else ''}." for slot, name, details in deck.lines()]
    pipettes = [f"{pipette.mount.capitalize()} pipette: {pipette.name}, {pipette.state}." for pipette in deck.pipettes]
    return " ".join([*(slots or ["Nothing is known to stand on the deck."]), *pipettes])


def _draw_empty(group: ET.Element, slot: str, why: str) -> None:
    _rectangle(group, "slot", 0, 0, *SLOT_MM)
    _text(group, "text", slot, **{"class": "number", "x": _mm(SLOT_MM[0] / 2), "y": _mm(SLOT_MM[1] / 2 + 6)})
    label = "trash" if slot == TRASH else why
    if label:
        _text(group, "text", label, **{"class": "small", "x": "0", "y": _mm(SLOT_MM[1] + 5.5)})


def _draw_slot(group: ET.Element, slot: str, drawn: DrawnLabware) -> None:
    _rectangle(group, "slot", 0, 0, *SLOT_MM)
    if drawn.top is not None:
        _rectangle(group, "labware", 0.5, 0.5, SLOT_MM[0] - 1, SLOT_MM[1] - 1)
        for name, well in drawn.top.wells.items():
            _draw_well(group, drawn, name, well)
    if drawn.module_model:
        _rectangle(group, "module", -1, -1, SLOT_MM[0] + 2, SLOT_MM[1] + 2)
    topmost, *below = drawn.names or [""]
    lines = (f"{slot}: {topmost}", ", ".join(filter(None, (drawn.details, " on ".join(["", *below]).strip()))))
    for number, (kind, line) in enumerate(zip(("label", "small"), lines, strict=True)):
        shown = line if len(line) <= LONGEST_LABEL else f"{line[: LONGEST_LABEL - 1]}…"
        text = _text(group, "text", shown, **{"class": kind, "x": "0", "y": _mm(SLOT_MM[1] + 6 + 5.5 * number)})
        _text(text, "title", f"{slot}: {drawn.name}")


def _draw_well(group: ET.Element, drawn: DrawnLabware, name: str, well: Well) -> None:
    top, volume = drawn.top, drawn.volumes_ul.get(name)
    if top is not None and top.is_tip_rack:
        kind = "unknown" if name in drawn.unknown_tips else "used" if name in drawn.used_tips else "free"
        words = {"unknown": "tip, free or used", "used": "no fresh tip", "free": "free tip"}[kind]
        shape = _shape(group, kind, well, 0.7)
    else:
        words = _volume(volume) if volume is not None else ""
        if well.capacity_ul:
            words = f"{words or 'not known what is in it'}, holds {_volume(well.capacity_ul)}"
        shape = _shape(group, "well", well)
        if volume and well.capacity_ul:
            _fill(group, well, min(volume / well.capacity_ul, 1))
    _text(shape, "title", f"{name}: {words}" if words else name)


def _fill(group: ET.Element, well: Well, fraction: float) -> None:
    """Draw the liquid: the area covered is the share of the well's volume."""
    liquid = _shape(group, "liquid", well, fraction**0.5)
    liquid.set("pointer-events", "none")


def _shape(group: ET.Element, kind: str, well: Well, scale: float = 1.0) -> ET.Element:
    x, y = well.x_mm, SLOT_MM[1] - well.y_mm
    width, length = well.width_mm * scale, well.length_mm * scale
    if well.is_round:
        return ET.SubElement(group, "circle", {"class": kind, "cx": _mm(x), "cy": _mm(y), "r": _mm(width / 2)})
    return _rectangle(group, kind, x - width / 2, y - length / 2, width, length, rounding="0.5")


def _draw_foot(svg: ET.Element, deck: DrawnDeck, top: float) -> None:
    left = MARGIN_MM
    for pipette in deck.pipettes:
        group = ET.SubElement(svg, "g", {"transform": f"translate({_mm(left)} {_mm(top)})"})
        _rectangle(group, "pipette", 0, 0, 120, 20)
        _text(group, "text", f"{pipette.mount} pipette", **{"class": "heading", "x": "4", "y": "8"})
        _text(group, "text", f"{pipette.name}, {pipette.state}", **{"class": "label", "x": "4", "y": "15.5"})
        left += PITCH_MM[0]
    signs = (
        ("free", "free tip"),
        ("used", "used tip"),
        ("unknown", "not known"),
        ("well", "well"),
        ("liquid", "liquid"),
    )
    for number, (kind, words) in enumerate(signs):
        x = MARGIN_MM + 3 + 34 * number
        ET.SubElement(svg, "circle", {"class": kind, "cx": _mm(x), "cy": _mm(top + 29), "r": "2.6"})
        _text(svg, "text", words, **{"class": "small", "x": _mm(x + 5), "y": _mm(top + 30.6)})


def _has_thermocycler(deck: DrawnDeck) -> bool:
    return any(drawn.module_model.startswith("thermocycler") for drawn in deck.slots.values())


def _to(slot: str) -> str:
    row, column = divmod(int(slot) - 1, 3)
    return f"translate({_mm(MARGIN_MM + column * PITCH_MM[0])} {_mm(MARGIN_MM + (3 - row) * PITCH_MM[1])})"


def _rectangle(
    group: ET.Element, kind: str, x: float, y: float, width: float, height: float, *, rounding: str = "3"
) -> ET.Element:
    place = {"x": _mm(x), "y": _mm(y), "width": _mm(width), "height": _mm(height), "rx": rounding}
    return ET.SubElement(group, "rect", {"class": kind, **place})


def _text(parent: ET.Element, tag: str, content: str, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    element.text = "".join(character for character in content if character.isprintable() or character == "\n")
    return element


def _volume(volume_ul: float) -> str:
    return f"{volume_ul / 1000:g} mL" if volume_ul >= 1000 else f"{volume_ul:g} µL"


def _mm(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def by_slot(labware: Iterable[Labware], slot_of_module: Mapping[str, str]) -> dict[str, tuple[Labware, ...]]:
    """Return what stands in each slot, from the bottom up.

    Args:
        labware: of the deck; what is off the deck is left out.
        slot_of_module: the slot of each module by its identifier.
    """
    listed = list(labware)
    standing = {one.location: one for one in listed if one.location not in SLOTS}
    stacks: dict[str, tuple[Labware, ...]] = {}
    for one in listed:
        slot = slot_of_module.get(one.location, one.location)
        if slot not in (*SLOTS, TRASH):
            continue
        stack = [one]
        while (above := standing.get(stack[-1].labware_id)) is not None and above not in stack:
            stack.append(above)
        stacks[slot] = tuple(stack)
    return stacks
