"""Settings of OpenTelemetry."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, FilePath, SecretStr, field_validator

from sila_ot2.config.group import Group


class TelemetrySettings(Group):
    """Traces and metrics by OpenTelemetry; they need the extra `telemetry`. Off unless an endpoint is named."""

    endpoint: str | None = Field(
        None, description="Receiver that they are sent to (OTLP over gRPC), such as `http://localhost:4317`."
    )
    ca: FilePath | None = Field(
        None, description="Authority (PEM) that signed the receiver's certificate; unset: those of this computer."
    )
    headers: SecretStr | None = Field(
        None, description="Headers sent with them, such as a token, as `NAME=VALUE` with commas between."
    )
    interval_s: float = Field(60, ge=1, le=3600, description="How often metrics are sent.")

    @field_validator("endpoint")
    @classmethod
    def _is_url(cls, endpoint: str | None) -> str | None:
        """Refuse what is not a host with a port, and secrets, which would be shown."""
        if endpoint is not None:
            try:
                parts = urlsplit(endpoint)
                is_one = parts.scheme in ("http", "https") and parts.hostname and parts.port and not parts.username
            except ValueError:
                is_one = False
            if not is_one:
                raise ValueError("is not http://HOST:PORT or https://HOST:PORT; example: http://localhost:4317")
        return endpoint

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, headers: SecretStr | None) -> SecretStr | None:
        """Refuse what is no list of headers, without repeating it: it may have a secret."""
        if headers is not None and not all("=" in one for one in headers.get_secret_value().split(",")):
            raise ValueError("is not NAME=VALUE with commas between")
        return headers
