"""Which of the stored labware offsets a run gets, and why it does not get the others."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import NamedTuple

from sila_ot2.store.offsets import StoredOffset
from sila_ot2.store.runs import KeptOffset, LeftOutOffset

Place = tuple[str, str, str]
"""Definition, slot, and model of the module under the labware (empty: none)."""


class OffsetChoice(NamedTuple):
    """The offsets of a run."""

    applied: tuple[KeptOffset, ...] = ()
    left_out: tuple[LeftOutOffset, ...] = ()
    """Stored ones for labware of the protocol that do not fit."""


def choose(
    given: Iterable[KeptOffset], stored: Iterable[StoredOffset], standing: Set[Place] | None, serial: str
) -> OffsetChoice:
    """Return the offsets of a run: those given, and of the stored ones those that fit.

    Args:
        given: these win over stored ones for the same labware and place.
        stored: what this server keeps.
        standing: where the protocol's labware stands at any time; None: not known, then place and version are not
            compared.
        serial: the robot's serial number; empty: not known.
    """
    applied = {place_of(offset): offset for offset in given}
    left_out: list[LeftOutOffset] = []
    for one in stored:
        offset = kept(one)
        place = place_of(offset)
        if place in applied or (standing is not None and not _is_about(place, standing)):
            continue
        if reason := _unfit(one, place, standing, serial):
            left_out.append(LeftOutOffset(offset=offset, reason=reason))
        else:
            applied[place] = offset
    return OffsetChoice(tuple(applied.values()), tuple(left_out))


def kept(offset: StoredOffset) -> KeptOffset:
    """Return a stored offset without what is known about it."""
    return KeptOffset(**{name: getattr(offset, name) for name in KeptOffset.model_fields})


def place_of(offset: KeptOffset) -> Place:
    """Return what an offset is for."""
    return offset.definition_uri, offset.slot, offset.module_model


def other_robot(offset: StoredOffset, serial: str) -> str:
    """Return why an offset is not for the robot of this serial number; empty if it is, as far as is known."""
    if offset.robot_serial and serial and offset.robot_serial != serial:
        return f"It was measured on robot {offset.robot_serial}; this is robot {serial}."
    return ""


def _unfit(offset: StoredOffset, place: Place, standing: Set[Place] | None, serial: str) -> str:
    if reason := other_robot(offset, serial):
        return reason
    if standing is None or place in standing:
        return ""
    versions = sorted(_version(uri) for uri, *_ in standing if _name(uri) == _name(offset.definition_uri))
    if offset.definition_uri not in {uri for uri, *_ in standing}:
        loaded = ", ".join(versions)
        return (
            f"It was measured for version {_version(offset.definition_uri)} of the labware; the protocol loads version "
            f"{loaded}."
        )
    return "The protocol never has this labware there."


def _is_about(place: Place, standing: Set[Place]) -> bool:
    """Return whether the protocol has this labware, of any version, anywhere."""
    return _name(place[0]) in {_name(uri) for uri, *_ in standing}


def _name(uri: str) -> str:
    return uri.rpartition("/")[0]


def _version(uri: str) -> str:
    return uri.rpartition("/")[2]
