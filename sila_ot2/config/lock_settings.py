"""Settings of the lock."""

from __future__ import annotations

from pydantic import Field

from sila_ot2.config.group import Group


class LockSettings(Group):
    """The SiLA lock."""

    enabled: bool = Field(
        True,
        description="Offer LockController. While the server is not locked, no client needs the lock "
        "identifier. Some clients require one wherever the feature exists; without the feature they do not.",
    )
