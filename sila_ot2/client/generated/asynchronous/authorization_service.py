"""The feature AuthorizationService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.feature import Feature


class AsyncAuthorizationService(Feature[AsyncLink]):
    """Defines the access token that calls must carry on a server that requires its clients to log in. Commands that
    stop, pause or cancel need no token. Every other call needs one, and the role of its user must allow the call.
    """

    IDENTIFIER = "org.silastandard/core/AuthorizationService/v1"
