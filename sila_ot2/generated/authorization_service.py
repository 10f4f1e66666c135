"""The feature AuthorizationService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC


class AuthorizationServiceBase(ABC):
    """Defines the access token that calls must carry on a server that requires its clients to log in. The list of
    calls that AccessToken affects says which these are. The role of the token's user must allow the call. No token
    is needed to stop, pause or cancel, to log in, log out or verify a token, for SiLAService, or to follow the
    execution of a command to its result, nor to read properties where the server allows that to everyone.
    """

    FEATURE = "org.silastandard/core/AuthorizationService/v1"
