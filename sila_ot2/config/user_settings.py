"""Settings of the users who log in."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from sila_ot2.config.group import Group


class UserSettings(Group):
    """Users who log in, and their roles (`sila-ot2 user`)."""

    required: bool = Field(
        False,
        description="Require clients to log in, except to stop, pause or cancel. This needs encryption.",
    )
    file: Path | None = Field(
        None, description="File with the users; unset: `users.json` in `server.state_directory`, for all servers there."
    )
    token_lifetime_s: int = Field(
        3600, ge=60, le=604_800, description="How long an access token that is not used is valid."
    )
    anonymous_reading: bool = Field(False, description="Let clients read properties without logging in.")
