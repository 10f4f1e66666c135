"""The feature AuthorizationService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client import wire
from sila_ot2.client.calls import Definition
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link

_FEATURE = Definition("org.silastandard/core/AuthorizationService/v1")
ACCESS_TOKEN_METADATA = _FEATURE.metadata("AccessToken", wire.STRING)


class AuthorizationService(Feature[Link]):
    """Defines the access token that calls must carry on a server that requires its clients to log in. Commands that
    stop, pause or cancel need no token. Every other call needs one, and the role of its user must allow the call.
    """

    IDENTIFIER = "org.silastandard/core/AuthorizationService/v1"
