"""Load feature definitions with the bare `sila2` package, one after the other in one process, as a scheduler does.

`sila2` keeps one protobuf file per feature identifier and process, so two definitions of one identifier and different
structure cannot be loaded together. Run with the files: `python load_together.py FILE...`; prints each that cannot be.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sila2.framework.feature import Feature

for argument in sys.argv[1:]:
    try:
        Feature(Path(argument).read_text("utf-8"))
    except Exception as error:  # noqa: BLE001 (whatever a scheduler would get)
        print(f"{Path(argument).name}: {type(error).__name__}: {error}")
