"""The feature AuthorizationService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client import wire
from sila_ot2.client.calls import FeatureDefinition
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link

_FEATURE = FeatureDefinition("org.silastandard/core/AuthorizationService/v1")
ACCESS_TOKEN_METADATA = _FEATURE.metadata("AccessToken", wire.STRING)


class AuthorizationService(Feature[Link]):
    """Defines the access token that calls must carry on a server that requires its clients to log in. The list of
    calls that AccessToken affects says which these are. The role of the token's user must allow the call. No token
    is needed to stop, pause or cancel, to log in, log out or verify a token, for SiLAService, or to follow the
    execution of a command to its result, nor to read properties where the server allows that to everyone.
    """

    IDENTIFIER = "org.silastandard/core/AuthorizationService/v1"
