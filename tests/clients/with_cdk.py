"""Print the definition of ConnectionConfigurationService as unitelabs-cdk serves it, which ships it as code."""

import asyncio

from sila.server import Serializer, Server
from unitelabs.cdk.features.core.connection_configuration_service import ConnectionConfigurationService


async def main() -> None:
    server, feature = Server(), ConnectionConfigurationService()
    feature.attach()
    server.register_feature(feature)
    await feature.on_before_start()
    print(Serializer.serialize(feature.serialize))


if __name__ == "__main__":
    asyncio.run(main())
