"""Settings of messages to people: a webhook, mail, or both."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from sila_ot2.config.group import Group

Event = Literal["run_ended", "run_failed", "attention", "prompt", "unreachable"]


class AlertSettings(Group):
    """Messages to people about what happens at the robot: by a webhook, by mail, or both. Off unless one is named."""

    events: tuple[Event, ...] = Field(
        ("run_failed", "attention", "prompt", "unreachable"),
        description="Events that messages are sent about: `run_ended`, `run_failed`, `attention` (a required action, "
        "or late copies to a central database), `prompt` of a protocol, `unreachable`.",
    )
    webhook: SecretStr | None = Field(None, description="URL that each message is sent to (POST, JSON).")
    webhook_secret: SecretStr | None = Field(None, description="Secret that messages to the webhook are signed with.")
    mail_server: str | None = Field(None, description="Mail server that messages are sent by, as `HOST:PORT`.")
    mail_encryption: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="Encryption of the connection to the mail server."
    )
    mail_user: str | None = Field(None, description="User at the mail server; unset: no login.")
    mail_password: SecretStr | None = Field(None, description="Password of that user.")
    mail_from: str | None = Field(None, description="Sender of the mail.")
    mail_to: tuple[str, ...] = Field((), description="Recipients of the mail.")

    @field_validator("webhook")
    @classmethod
    def _is_url(cls, url: SecretStr | None) -> SecretStr | None:
        """Refuse what is no URL, without repeating it: it may have a secret."""
        if url is not None:
            parts = urlsplit(url.get_secret_value())
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError("is not a URL that begins with https:// or http://")
        return url

    @field_validator("mail_server")
    @classmethod
    def _is_address(cls, server: str | None) -> str | None:
        """Refuse what is not a host with a port."""
        if server is not None:
            host, _, port = server.rpartition(":")
            if not host or not port.isdecimal() or not 0 < int(port) < 65536:
                raise ValueError("is not HOST:PORT; example: mail.example.org:587")
        return server

    @model_validator(mode="after")
    def _mail_is_complete(self) -> AlertSettings:
        """Refuse mail without sender, recipient, or a password that would be sent in the clear."""
        if self.mail_server is not None and not (self.mail_from and self.mail_to):
            raise ValueError("mail_server needs mail_from and mail_to")
        if self.mail_user is not None and (self.mail_password is None or self.mail_encryption == "none"):
            raise ValueError("mail_user needs mail_password, and encryption")
        return self
