"""An OT-2 for PyLabRobot, driven through its SiLA server.

With PyLabRobot 0.2.2 (the extra `pylabrobot`):

from pylabrobot.liquid_handling import LiquidHandler
from pylabrobot.resources.opentrons import OTDeck
from sila_ot2.pylabrobot import SilaOT2Backend

lh = LiquidHandler(backend=SilaOT2Backend("192.168.1.20"), deck=OTDeck())

With PyLabRobot 1.0 (the extra `pylabrobot-beta`), which has a class for each device instead of backends:

from sila_ot2.pylabrobot import SilaOT2

ot2 = SilaOT2("192.168.1.20")
"""

from importlib.util import find_spec
from typing import NoReturn

if find_spec("pylabrobot.opentrons") is None:
    from sila_ot2.pylabrobot.backend import SilaOT2Backend as SilaOT2Backend
    from sila_ot2.pylabrobot.modules import SilaHeaterShakerBackend as SilaHeaterShakerBackend
    from sila_ot2.pylabrobot.modules import SilaTemperatureModuleBackend as SilaTemperatureModuleBackend
    from sila_ot2.pylabrobot.thermocyclers import SilaThermocyclerBackend as SilaThermocyclerBackend

    _OF_OTHER_RELEASE = {"SilaOT2": "1.0"}
else:
    from sila_ot2.pylabrobot.device import SilaOT2 as SilaOT2

    _OF_OTHER_RELEASE = dict.fromkeys(
        ("SilaOT2Backend", "SilaHeaterShakerBackend", "SilaTemperatureModuleBackend", "SilaThermocyclerBackend"),
        "0.2.2",
    )


def __getattr__(name: str) -> NoReturn:
    if name in _OF_OTHER_RELEASE:
        raise ImportError(f"{name} is for PyLabRobot {_OF_OTHER_RELEASE[name]}, and another release is installed")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
