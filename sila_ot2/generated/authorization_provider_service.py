"""The feature AuthorizationProviderService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class AuthorizationProviderServiceBase(ABC):
    """Reports to other servers and programs whether an access token of this server is valid."""

    FEATURE = "org.silastandard/core/AuthorizationProviderService/v1"

    @abstractmethod
    def Verify(self, AccessToken: str, RequestedServer: str, RequestedFeature: str, *, call: Any) -> int:
        """Checks an access token without renewing it. Returns how long it remains valid; changes nothing.

        Errors: AuthorizationFailed, InvalidAccessToken
        """
