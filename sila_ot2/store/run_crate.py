"""The description of a run's files as an RO-Crate (research object), which other programs read."""

from __future__ import annotations

import hashlib
import io
import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sila_ot2.store.runs import RunRecord
from sila_ot2.times import utc_now

METADATA = "ro-crate-metadata.json"
_VERSION = "1.1"
_STATUS = {
    "Succeeded": "http://schema.org/CompletedActionStatus",
    "Failed": "http://schema.org/FailedActionStatus",
    "Stopped": "http://schema.org/FailedActionStatus",
}
_MEDIA_TYPES = {".py": "text/x-python", ".jsonl": "application/jsonl", ".pem": "application/x-pem-file"}


@dataclass(frozen=True)
class PackedFile:
    """A file of a package.

    Attributes:
        content: what is in it.
        description: what it is, for people.
        is_input: whether the run had it before it began.
    """

    content: bytes
    description: str
    is_input: bool = False


def crate_metadata(record: RunRecord, files: Mapping[str, PackedFile], server: str) -> bytes:
    """Return the metadata of a crate with these files: the run is an action, with its inputs and results.

    Args:
        record: of the run.
        files: by name.
        server: the UUID of the server that the run was made with.
    """
    from rocrate.model.contextentity import ContextEntity  # a slow import, which only packages need
    from rocrate.rocrate import ROCrate

    start = record.start
    crate = ROCrate(version=_VERSION)
    crate.name = f"Run {start.run_id}" + (f" of {start.protocol_name}" if start.protocol_name else "")
    crate.description = f"Everything that the SiLA server {server} keeps of a run on an Opentrons OT-2 robot."
    crate.datePublished = utc_now()
    added = {
        name: crate.add_file(io.BytesIO(file.content), name, properties=_properties(name, file))
        for name, file in files.items()
    }
    crate.license = crate.add(
        ContextEntity(
            crate,
            "#license",
            properties={
                "@type": "CreativeWork",
                "name": "No license",
                "description": "The files belong to who ran the protocol; no license is given with them.",
            },
        )
    )
    software = crate.add(
        ContextEntity(
            crate,
            "#sila-ot2",
            properties={"@type": "SoftwareApplication", "name": "sila-ot2", "version": start.server_version},
        )
    )
    robot = crate.add(
        ContextEntity(
            crate,
            "#robot",
            properties={
                "@type": "Thing",
                "name": "Simulated Opentrons OT-2" if start.simulated else "Opentrons OT-2",
                "description": f"Software {start.robot_software}",
            },
        )
    )
    action = crate.add(ContextEntity(crate, f"#run-{start.run_id}", properties=_action(record)))
    action["instrument"] = [software, robot]
    if inputs := [added[name] for name, file in files.items() if file.is_input]:
        action["object"] = inputs if len(inputs) > 1 else inputs[0]
    action["result"] = [added[name] for name, file in files.items() if not file.is_input]
    crate.root_dataset["mentions"] = action
    return (json.dumps(crate.metadata.generate(), indent=1, ensure_ascii=False) + "\n").encode()


def _action(record: RunRecord) -> dict[str, Any]:
    facts = {
        "@type": "CreateAction",
        "name": f"Run {record.start.run_id}",
        "actionStatus": _STATUS[record.result],
        "startTime": record.started_at.isoformat() if record.started_at else "",
        "endTime": (record.completed_at or record.seen_ended_at).isoformat(),
        "error": record.explanation,
        "description": record.start.label,
    }
    return {name: fact for name, fact in facts.items() if fact}


def _properties(name: str, file: PackedFile) -> dict[str, str]:
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    media_type = _MEDIA_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {
        "name": name,
        "description": file.description,
        "encodingFormat": media_type,
        "contentSize": str(len(file.content)),
        "sha256": hashlib.sha256(file.content).hexdigest(),
    }
