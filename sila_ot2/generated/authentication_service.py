"""The feature AuthenticationService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple


class LoginResponses(NamedTuple):
    """Responses of Login."""

    AccessToken: str
    """The token to send with each call."""
    TokenLifetime: int
    """How long the token remains valid after the last call that carried it, in seconds. A command that was begun with
    it keeps it valid until the command ends.
    """


class AuthenticationServiceBase(ABC):
    """Gives access tokens to users who log in with name and password. A server offers this feature only if it requires
    its clients to log in. The token is sent with each call as the metadata of Authorization Service.
    """

    FEATURE = "org.silastandard/core/AuthenticationService/v1"

    @abstractmethod
    def Login(
        self, UserIdentification: str, Password: str, RequestedServer: str, RequestedFeatures: list[str], *, call: Any
    ) -> LoginResponses:
        """Checks name and password and returns an access token. After several failures in a row the server refuses
        further attempts for a time that grows, and the message says for how long.

        Errors: AuthenticationFailed
        """

    @abstractmethod
    def Logout(self, AccessToken: str, *, call: Any) -> None:
        """Ends the validity of an access token immediately. Commands that were begun with it go on.

        Errors: InvalidAccessToken
        """
