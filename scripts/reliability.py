"""Write docs/reference/reliability.md from the fault matrix of the tests; `--check` only tells if it is up to date."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "reference" / "reliability.md"


def main() -> int:
    """Write or check the page."""
    page: str = importlib.import_module("tests.end_to_end.fault_matrix").page()
    if PAGE.exists() and PAGE.read_text() == page:
        return 0
    if "--check" in sys.argv:
        print(f"Not up to date: {PAGE.relative_to(ROOT)}. Run: python scripts/reliability.py")
        return 1
    PAGE.write_text(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
