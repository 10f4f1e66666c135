"""Settings of the central database."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from sila_ot2.config.group import Group

KINDS = ("postgresql", "sqlite")


class CentralSettings(Group):
    """A database that ended runs and the audit trail are copied to. PostgreSQL needs the extra `central`."""

    database: SecretStr | None = Field(
        None,
        description="Its URL, such as `postgresql://USER:PASSWORD@HOST/DATABASE` or `sqlite:///FILE`; unset: none.",
    )

    @field_validator("database")
    @classmethod
    def _is_url(cls, database: SecretStr | None) -> SecretStr | None:
        """Refuse what is no URL of such a database, without repeating it: it may have a password."""
        kind = database.get_secret_value().partition("://")[0] if database is not None else KINDS[0]
        if kind not in KINDS:
            raise ValueError(f"is not a URL that begins with {':// or '.join(KINDS)}://")
        return database
