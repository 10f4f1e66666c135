"""The feature SiLAService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing, same
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import Property
from sila_ot2.client.wire import Message

_FEATURE = FeatureDefinition("org.silastandard/core/SiLAService/v1")
GET_FEATURE_DEFINITION: CallDefinition[str] = _FEATURE.command(
    "GetFeatureDefinition", ResponseMessage(Message(wire.STRING), same), FeatureIdentifier=wire.STRING
)
SET_SERVER_NAME: CallDefinition[None] = _FEATURE.command(
    "SetServerName", ResponseMessage(Message(), nothing), ServerName=wire.STRING
)
SERVER_NAME: CallDefinition[str] = _FEATURE.property("ServerName", wire.STRING)
SERVER_TYPE: CallDefinition[str] = _FEATURE.property("ServerType", wire.STRING)
SERVER_UUID: CallDefinition[str] = _FEATURE.property("ServerUUID", wire.STRING)
SERVER_DESCRIPTION: CallDefinition[str] = _FEATURE.property("ServerDescription", wire.STRING)
SERVER_VERSION: CallDefinition[str] = _FEATURE.property("ServerVersion", wire.STRING)
SERVER_VENDOR_URL: CallDefinition[str] = _FEATURE.property("ServerVendorURL", wire.STRING)
IMPLEMENTED_FEATURES: CallDefinition[list[str]] = _FEATURE.property("ImplementedFeatures", wire.Repeated(wire.STRING))


class SiLAService(Feature[Link]):
    """This Feature MUST be implemented by each SiLA Server. It specifies Commands and Properties to discover the
    Features a SiLA Server implements as well as details about the SiLA Server, like name, type, description, vendor
    and UUID. Any interaction described in this feature MUST not affect the behaviour of any other Feature.
    """

    IDENTIFIER = "org.silastandard/core/SiLAService/v1"

    def get_feature_definition(self, feature_identifier: str) -> str:
        """Get the Feature Definition of an implemented Feature by its fully qualified Feature Identifier. This command
        has no preconditions and no further dependencies and can be called at any time.

        Args:
            feature_identifier: The fully qualified Feature identifier for which the Feature definition shall be
                retrieved.

        Returns:
            feature_definition: The Feature definition in XML format (according to the Feature Definition Schema).

        Errors: UnimplementedFeature.
        """
        return self._link.command(GET_FEATURE_DEFINITION, (feature_identifier,))

    def set_server_name(self, server_name: str) -> None:
        """Sets a human readable name to the Server Name Property.Command has no preconditions and no further
        dependencies and can be called at any time.

        Args:
            server_name: The human readable name to assign to the SiLA Server.
        """
        self._link.command(SET_SERVER_NAME, (server_name,))

    @property
    def server_name(self) -> Property[str]:
        """Human readable name of the SiLA Server. The name can be set using the 'Set Server Name' command."""
        return Property(self._link, SERVER_NAME)

    @property
    def server_type(self) -> Property[str]:
        """The type of this server. It, could be, e.g., in the case of a SiLA Device the model name. It is specified by
        the implementer of the SiLA Server and MAY not be unique.
        """
        return Property(self._link, SERVER_TYPE)

    @property
    def server_uuid(self) -> Property[str]:
        """Globally unique identifier that identifies a SiLA Server. The Server UUID MUST be generated once and remain
        the same for all times.
        """
        return Property(self._link, SERVER_UUID)

    @property
    def server_description(self) -> Property[str]:
        """Description of the SiLA Server. This should include the use and purpose of this SiLA Server."""
        return Property(self._link, SERVER_DESCRIPTION)

    @property
    def server_version(self) -> Property[str]:
        """Returns the version of the SiLA Server. A "Major" and a "Minor" version number (e.g. 1.0) MUST be provided,
        a Patch version number MAY be provided. Optionally, an arbitrary text, separated by an underscore MAY be
        appended, e.g. “3.19.373_mighty_lab_devices”.
        """
        return Property(self._link, SERVER_VERSION)

    @property
    def server_vendor_url(self) -> Property[str]:
        """Returns the URL to the website of the vendor or the website of the product of this SiLA Server. This URL
        SHOULD be accessible at all times. The URL is a Uniform Resource Locator as defined in RFC 1738.
        """
        return Property(self._link, SERVER_VENDOR_URL)

    @property
    def implemented_features(self) -> Property[list[str]]:
        """Returns a list of fully qualified Feature identifiers of all implemented Features of this SiLA Server. This
        list SHOULD remain the same throughout the lifetime of the SiLA Server.
        """
        return Property(self._link, IMPLEMENTED_FEATURES)
