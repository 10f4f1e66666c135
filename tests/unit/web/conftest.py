"""What all tests of the operator's page need."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _modules_stay() -> Iterator[None]:
    """NiceGUI's simulation removes the modules of what it has served, with the packages above them."""
    modules = dict(sys.modules)
    yield
    sys.modules.update(modules)
