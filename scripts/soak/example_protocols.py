"""Twenty example protocols of different kinds, each half a minute or so on a real robot."""

from __future__ import annotations

HEAD = """requirements = {{"robotType": "OT-2", "apiLevel": "{level}"}}


def run(protocol):
    small_tips = protocol.load_labware("opentrons_96_tiprack_20ul", 1)
    large_tips = protocol.load_labware("opentrons_96_tiprack_300ul", 2)
    plate = protocol.load_labware("corning_96_wellplate_360ul_flat", 3)
    trough = protocol.load_labware("nest_12_reservoir_15ml", 6)
    p20 = protocol.load_instrument("p20_single_gen2", "left", tip_racks=[small_tips])
    p300 = protocol.load_instrument("p300_single_gen2", "right", tip_racks=[large_tips])
"""

BODIES = {
    "one transfer": "p300.transfer(100, trough['A1'], plate['A1'])",
    "two transfers, small": "p20.transfer(10, plate['A1'], plate.columns()[1][:2])",
    "large volumes, slow": """
p300.flow_rate.aspirate = 30
p300.flow_rate.dispense = 40
p300.transfer(250, trough['A1'], plate['H12'])
""",
    "distribute": "p300.distribute(30, trough['A1'], plate.rows()[0][:6])",
    "consolidate": "p300.consolidate(40, plate.rows()[1][:4], trough['A2'])",
    "mixing": """
p300.pick_up_tip()
p300.mix(6, 150, plate['A1'])
p300.drop_tip()
""",
    "both pipettes": """
p20.transfer(5, plate['A1'], plate['B1'])
p300.transfer(120, trough['A1'], plate['C1'])
""",
    "waiting": """
for _ in range(4):
    protocol.delay(seconds=4)
""",
    "one long wait": "protocol.delay(seconds=20)",
    "wait between transfers": """
p20.transfer(8, plate['A1'], plate['B1'])
protocol.delay(seconds=8)
p20.transfer(8, plate['A1'], plate['B2'])
""",
    "many comments": """
for number in range(60):
    protocol.comment(str(number))
p20.transfer(8, plate['A1'], plate['B1'])
""",
    "movements only": """
p300.pick_up_tip()
for well in plate.wells()[::12]:
    p300.move_to(well.top())
p300.return_tip()
""",
    "touching tips": """
p300.pick_up_tip()
for well in plate.columns()[0][:3]:
    p300.aspirate(50, trough['A1'])
    p300.touch_tip(trough['A1'], radius=0.5)
    p300.dispense(50, well)
    p300.touch_tip(well)
p300.drop_tip()
""",
    "air gaps and blow-outs": """
p300.pick_up_tip()
for well in plate.columns()[2][:3]:
    p300.aspirate(60, trough['A3'])
    p300.air_gap(20)
    p300.dispense(80, well)
    p300.blow_out(well.top())
p300.drop_tip()
""",
    "one tip, many wells": """
p20.pick_up_tip()
for source, target in zip(plate.columns()[0], plate.columns()[11]):
    p20.aspirate(5, source)
    p20.dispense(5, target)
p20.drop_tip()
""",
    "returning tips": """
for well in plate.columns()[3][:3]:
    p20.pick_up_tip()
    p20.aspirate(10, well)
    p20.dispense(10, well)
    p20.return_tip()
""",
    "homing in between": """
p300.transfer(50, trough['A1'], plate['A1'])
protocol.home()
p300.transfer(50, trough['A1'], plate['A2'])
""",
    "fast, then slow": """
p20.pick_up_tip()
for _ in range(3):
    p20.mix(2, 10, plate['A1'])
p20.flow_rate.aspirate = 1
p20.aspirate(10, plate['A1'])
p20.dispense(10, plate['A2'])
p20.drop_tip()
""",
    "slow, then fast": """
p20.pick_up_tip()
p20.flow_rate.aspirate = 1
p20.aspirate(10, plate['A1'])
p20.flow_rate.aspirate = 20
p20.dispense(10, plate['A2'])
for _ in range(4):
    p20.mix(2, 10, plate['A1'])
p20.drop_tip()
""",
    "old protocol interface": "p300.transfer(100, trough['A1'], plate.columns()[0][:2])",
}
OLD = {"old protocol interface": "2.13"}
LEVEL = "2.15"


def protocols() -> dict[str, bytes]:
    """Return the protocols by name."""
    return {name: _protocol(body, OLD.get(name, LEVEL)) for name, body in BODIES.items()}


def _protocol(body: str, level: str) -> bytes:
    indented = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return (HEAD.format(level=level) + indented).encode()
