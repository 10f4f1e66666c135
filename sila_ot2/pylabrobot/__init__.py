"""A PyLabRobot backend that drives an OT-2 through its SiLA server; needs the extra `pylabrobot`.

from pylabrobot.liquid_handling import LiquidHandler
from pylabrobot.resources.opentrons import OTDeck
from sila_ot2.pylabrobot import SilaOT2Backend

lh = LiquidHandler(backend=SilaOT2Backend("192.168.1.20"), deck=OTDeck())
"""

from sila_ot2.pylabrobot.backend import SilaOT2Backend
from sila_ot2.pylabrobot.modules import SilaHeaterShakerBackend, SilaTemperatureModuleBackend
from sila_ot2.pylabrobot.thermocyclers import SilaThermocyclerBackend

__all__ = [
    "SilaHeaterShakerBackend",
    "SilaOT2Backend",
    "SilaTemperatureModuleBackend",
    "SilaThermocyclerBackend",
]
