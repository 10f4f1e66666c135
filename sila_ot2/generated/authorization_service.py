"""The feature AuthorizationService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC


class AuthorizationServiceBase(ABC):
    """Defines the access token that calls must carry on a server that requires its clients to log in. Commands that
    stop, pause or cancel need no token. Every other call needs one, and the role of its user must allow the call.
    """

    FEATURE = "org.silastandard/core/AuthorizationService/v1"
