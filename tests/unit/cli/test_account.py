"""The name of the user who runs a command."""

from __future__ import annotations

import getpass
import os

import pytest

from sila_ot2.cli.account import account_name


@pytest.mark.parametrize("missing", [KeyError("getpwuid(): uid not found: 4711"), OSError("No username set")])
def test_a_user_without_a_name_has_a_number(monkeypatch: pytest.MonkeyPatch, missing: Exception) -> None:
    def unknown() -> str:
        raise missing

    monkeypatch.setattr(getpass, "getuser", unknown)
    assert account_name() == str(os.getuid())
