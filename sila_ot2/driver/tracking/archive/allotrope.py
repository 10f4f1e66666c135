"""What a run did to the wells, as a document of the Allotrope Simple Model (ASM), which data systems read.

The model is "liquid-handler" of 2024/11, whose schema the package `allotropy` ships.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sila_ot2.store.deck_use import DeckUse, LabwareUse, WellUse
from sila_ot2.store.runs import RunRecord

FILE_NAME = "allotrope.json"
_MANIFEST = "http://purl.allotrope.org/manifests/liquid-handler/BENCHLING/2024/11/liquid-handler.manifest"
_IN_DOUBT = "Something else may have been drawn from this well or dispensed into it."
_INCOMPLETE = "Some of what the run did is not in this document: its commands, or where it did it, are not known."


def liquid_handler_document(record: RunRecord, use: DeckUse, server: str) -> bytes | None:
    """Return the document of a run: for each well, what was drawn from it and dispensed into it, in microliters.

    Args:
        record: of the run.
        use: what the run did.
        server: UUID of this server.

    Returns:
        JSON; None if the run used no well, for which the model has no document.
    """
    start = record.start
    at = (record.completed_at or record.seen_ended_at).isoformat()
    wells = [
        _measurement(labware_id, labware, name, well, at)
        for labware_id, labware in use.labware.items()
        for name, well in labware.wells.items()
    ]
    if not wells:
        return None
    measurements: dict[str, Any] = {
        "experimental data identifier": start.run_id,
        "analytical method identifier": start.protocol_name or start.purpose,
        "measurement document": wells,
    }
    if errors := [_error(text) for text in _errors(record, use)]:
        measurements["error aggregate document"] = {"error document": errors}
    document = {
        "$asm.manifest": _MANIFEST,
        "liquid handler aggregate document": {
            "liquid handler document": [{"measurement aggregate document": measurements}],
            "device system document": {"product manufacturer": "Opentrons", "model number": "OT-2"},
            "data system document": {
                "ASM file identifier": FILE_NAME,
                "data system instance identifier": server,
                "database primary key": start.run_id,
                "software name": "Opentrons robot software",
                "software version": start.robot_software or "unknown",
                "ASM converter name": "sila_ot2",
                "ASM converter version": start.server_version or "unknown",
            },
        },
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _measurement(labware_id: str, labware: LabwareUse, name: str, well: WellUse, at: str) -> dict[str, Any]:
    place = {
        "location identifier": labware.location,
        "well plate identifier": labware.definition_uri,
        "well location identifier": name,
    }
    document: dict[str, Any] = {
        "measurement identifier": f"{labware_id}/{name}",
        "measurement time": at,
        "sample document": {"sample identifier": f"{labware.location}/{name}", **place},
        "device control aggregate document": {"device control document": [{"device type": "liquid handler"}]},
    }
    for called, volume_ul in (("aspiration volume", well.drawn_ul), ("transfer volume", well.dispensed_ul)):
        if volume_ul:
            document[called] = {"value": volume_ul, "unit": "μL"}
    if well.in_doubt:
        document["error aggregate document"] = {"error document": [_error(_IN_DOUBT)]}
    return document


def _errors(record: RunRecord, use: DeckUse) -> Iterator[str]:
    if record.explanation:
        yield record.explanation
    if not use.is_complete:
        yield _INCOMPLETE


def _error(text: str) -> dict[str, str]:
    return {"error": text}
