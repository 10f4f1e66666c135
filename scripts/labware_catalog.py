"""Write sila_ot2/driver/deck/definitions/shipped: Opentrons' own labware definitions, and the schema of all.

    python scripts/labware_catalog.py           writes what has changed
    python scripts/labware_catalog.py --check   writes nothing; names each file that is out of step and exits 1

They are taken from the package `opentrons_shared_data` in the simulator's environment (Apache License 2.0), the newest
version of each definition.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "sila_ot2" / "driver" / "deck" / "definitions" / "shipped"
SCHEMA = 2
"""Of OT-2 definitions; in schema 3 coordinates mean something else."""

if __name__ == "__main__" and find_spec("opentrons_shared_data") is None:
    from environments import environment_python

    python = str(environment_python("simulator"))
    os.execv(python, [python, *sys.argv])


def shipped_files() -> dict[str, bytes]:
    """Return the content of each file by its name."""
    spec = find_spec("opentrons_shared_data")
    assert spec is not None
    assert spec.origin is not None
    labware = Path(spec.origin).parent / "data" / "labware"
    schema = f"{SCHEMA}.json"
    newest = [max(folder.glob("*.json"), key=lambda file: int(file.stem)) for folder in _folders(labware)]
    text = json.dumps([json.loads(file.read_text("utf-8")) for file in newest], separators=(",", ":"))
    return {
        "labware-schema-2.json": (labware / "schemas" / schema).read_bytes(),
        "labware.json.gz": gzip.compress(text.encode(), 9, mtime=0),
    }


def _folders(labware: Path) -> list[Path]:
    return sorted(folder for folder in (labware / "definitions" / str(SCHEMA)).iterdir() if folder.is_dir())


def main() -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    changed = []
    for name, content in shipped_files().items():
        file = SHIPPED / name
        if not file.exists() or _unpacked(file.read_bytes()) != _unpacked(content):
            changed.append(name)
            if not check:
                SHIPPED.mkdir(exist_ok=True)
                file.write_bytes(content)
    for name in changed:
        print(f"{name} is out of step" if check else f"{name} written")
    return 1 if check and changed else 0


def _unpacked(content: bytes) -> bytes:
    """Return the content itself: releases of zlib compress differently."""
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


if __name__ == "__main__":
    sys.exit(main())
