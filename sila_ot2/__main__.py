"""`python -m sila_ot2`: the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from sila_ot2.cli.app import run
from sila_ot2.cli.exits import END_WITHIN_S, end_within


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    code = run(arguments)
    end_within(END_WITHIN_S, code)
    sys.exit(code)


if __name__ == "__main__":
    main()
