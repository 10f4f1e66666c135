"""A client of the server, for Python programs and notebooks. It needs grpcio, and zeroconf for discovery.

    from sila_ot2.client import connect

    ot2 = connect("192.168.1.20")
    ot2.run("plate.py", volume=20, samples="samples.csv")

    with ot2.session() as deck:
        tips = deck.load("opentrons_96_tiprack_300ul", 1)
        plate = deck.load("corning_96_wellplate_360ul_flat", 2)
        deck.right.pick_up_tip(tips)
        deck.right.aspirate(50, plate["A1"])
        deck.right.dispense(50, plate["B1"])
        deck.right.drop_tip()

Each feature of the server is an attribute, for example `ot2.run_controller`; its commands are methods, its properties
attributes with `get` and `subscribe`. Errors are in `sila_ot2.client.errors`. `connect_async` is the same for asyncio.
"""

from sila_ot2.client import errors
from sila_ot2.client.any_value import NOTHING, AnyValue
from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.ot2 import AsyncOT2, connect_async
from sila_ot2.client.connecting import ClientIdentity
from sila_ot2.client.deck import Deck, Labware, Pipette, Well
from sila_ot2.client.discovery import Found, browse
from sila_ot2.client.execution import Execution
from sila_ot2.client.generated.asynchronous.deck import AsyncDeck, AsyncLabware, AsyncPipette, AsyncWell
from sila_ot2.client.messages import Progress
from sila_ot2.client.ot2 import OT2, connect
from sila_ot2.client.pins import forget

__all__ = [
    "NOTHING",
    "OT2",
    "AnyValue",
    "AsyncDeck",
    "AsyncExecution",
    "AsyncLabware",
    "AsyncOT2",
    "AsyncPipette",
    "AsyncWell",
    "ClientIdentity",
    "Deck",
    "Execution",
    "Found",
    "Labware",
    "Pipette",
    "Progress",
    "Well",
    "browse",
    "connect",
    "connect_async",
    "errors",
    "forget",
]
