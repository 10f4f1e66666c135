"""The users of a server as it is configured: the features with which they log in, and what enforces their roles."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from sila_ot2 import sila
from sila_ot2.config import Settings
from sila_ot2.generated import definition
from sila_ot2.permissions import RolePermissions
from sila_ot2.store import users


class Access:
    """What a server needs for users who log in; nothing while `users.required` is off.

    Attributes:
        features: the features that the server offers beside its own.
        admission: refuses what a user may not do.
        user_of: returns the name of the user of an access token, empty if it is not valid; None without users.
    """

    def __init__(self, settings: Settings, server_uuid: UUID, offered: Collection[str]) -> None:
        """Read the users.

        Args:
            settings: of the server.
            server_uuid: its UUID.
            offered: the definitions (XML) of its own features.

        Raises:
            StateUnusable: the users cannot be read.
        """
        self.features: list[sila.FeatureBinding] = []
        self.admission: sila.Admission = sila.AdmitAll()
        self.user_of: Callable[[str], str] | None = None
        if not settings.users.required:
            return
        file = settings.users_file
        users.read(file)
        known = users.UserFile(file)
        tokens = sila.AccessTokens(known, settings.users.token_lifetime_s)
        permissions = RolePermissions(known, offered, anonymous_reading=settings.users.anonymous_reading)
        authorization = sila.AuthorizationService(permissions, tokens)
        own = {
            "AuthenticationService": sila.AuthenticationService(known, tokens, server_uuid),
            "AuthorizationService": authorization,
            "AuthorizationProviderService": sila.AuthorizationProviderService(tokens, server_uuid),
        }
        self.features = [sila.FeatureBinding(definition(name), feature) for name, feature in own.items()]
        self.admission = authorization
        self.user_of = tokens.user_of
