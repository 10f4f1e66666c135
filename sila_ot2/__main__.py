"""`python -m sila_ot2`: the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from sila_ot2.cli.app import run


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
