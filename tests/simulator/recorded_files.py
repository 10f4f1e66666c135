"""The protocols the recordings were made with, rebuilt from what the recorded analyses and runs show."""

from __future__ import annotations

import json

from tests.simulator.replaying import recordings

_SETUP = """
    tips = ctx.load_labware("opentrons_96_tiprack_10ul", 1)
    plate = ctx.load_labware("{plate}", 2)
    pipette = ctx.load_instrument("p10_single", "left", tip_racks=[tips])
"""
_TRANSFER = """
    pipette.pick_up_tip()
    pipette.aspirate(5, plate["A1"].top())
    pipette.dispense(5, plate["B1"].top())
    pipette.drop_tip()
"""


def _python(name: str, steps: str, *, plate: str = "corning_96_wellplate_360ul_flat", level: str = "2.12") -> str:
    metadata = f'metadata = {{"protocolName": "recording {name}", "apiLevel": "{level}", "author": "recording"}}\n'
    return metadata + "def run(ctx):" + _SETUP.format(plate=plate) + '    ctx.comment("hello from recording")\n' + steps


SIMPLE = _python("simple", _TRANSFER)
DELAY = _python("delay", "    ctx.delay(seconds=12)\n" + _TRANSFER)
PAUSE = _python("pause", '    ctx.pause("waiting")\n' + _TRANSFER)
NO_TIP = _python("notip", '    pipette.aspirate(5, plate["A1"].top())\n')
FAILING = _python("failing", '    raise RuntimeError("boom at run time")\n')
ENGINE = f"""
metadata = {{"protocolName": "recording pe", "apiLevel": "2.16", "author": "recording"}}
def run(ctx):{_SETUP.format(plate="corning_96_wellplate_360ul_flat")}{_TRANSFER}"""
ENGINE_DELAY = ENGINE.replace("    pipette.pick_up_tip()", "    ctx.delay(seconds=12)\n    pipette.pick_up_tip()")

_PARAMETERS = """
metadata = {{"protocolName": "recording {name}", "author": "recording"}}
requirements = {{"robotType": "OT-2", "apiLevel": "2.20"}}
def add_parameters(p):
    p.add_int(
        variable_name="n", display_name="Samples", default=2, minimum=1, maximum=8, description="how many",
        unit="samples")
    p.add_float(
        variable_name="vol", display_name="Volume", default=5.0, minimum=1.0, maximum=10.0, unit="uL"){csv}
    p.add_bool(variable_name="dry", display_name="Dry run", default=False)
    p.add_str(variable_name="mount", display_name="Mount", default="left", choices=[
        {{"display_name": "Left", "value": "left"}}, {{"display_name": "Right", "value": "right"}}])
def run(ctx):
    water = ctx.define_liquid("water", "tap water", "#0000FF")
    tips = ctx.load_labware("opentrons_96_tiprack_10ul", 1)
    plate = ctx.load_labware("corning_96_wellplate_360ul_flat", 2)
    plate["A1"].load_liquid(water, 100)
    pipette = ctx.load_instrument("p10_single", ctx.params.mount, tip_racks=[tips]){read}
    pipette.pick_up_tip()
    for well in plate.wells()[: ctx.params.n]:
        pipette.aspirate(ctx.params.vol, plate["A12"])
        pipette.dispense(ctx.params.vol, well)
    pipette.return_tip()
"""


def _parameters(name: str, *, csv: str = "", read: str = "") -> str:
    return _PARAMETERS.format(name=name, csv=csv, read=read)


def json_protocol(schema: int) -> str:
    """A small JSON protocol of a schema version, with the metadata the recordings show."""
    name = "Simple test protocol v3" if schema == 3 else "Simple test protocol"
    protocol: dict[str, object] = {
        "$otSharedSchema": f"#/protocol/schemas/{schema}",
        "schemaVersion": schema,
        "metadata": {
            "protocolName": name,
            "description": "A short test protocol",
            "author": "engineering <engineering@opentrons.com>",
            "tags": ["unitTest"],
            "created": 1223131231,
        },
        "robot": {"model": "OT-2 Standard", "deckId": "ot2_standard"},
        "pipettes": {},
        "labware": {},
        "labwareDefinitions": {},
        "modules": {},
        "liquids": {},
        "commands": [],
    }
    if schema <= 5:
        del protocol["liquids"]
        protocol["robot"] = {"model": "OT-2 Standard"}
    if schema == 3:
        del protocol["$otSharedSchema"], protocol["modules"]
    if schema == 8:
        protocol |= {
            "labwareDefinitionSchemaId": "opentronsLabwareSchemaV2",
            "liquidSchemaId": "opentronsLiquidSchemaV1",
            "commandSchemaId": "opentronsCommandSchemaV8",
            "commandAnnotationSchemaId": "opentronsCommandAnnotationSchemaV1",
            "commandAnnotations": [],
        }
    return json.dumps(protocol)


def files() -> dict[str, str]:
    """Every uploaded file by its name."""
    plate = recordings()["labware_definitions_add"]["json"]["data"]
    return {
        "simple.py": SIMPLE,
        "delay.py": DELAY,
        "pause.py": PAUSE,
        "notip.py": NO_TIP,
        "failing.py": FAILING,
        "w.py": SIMPLE + "# while running\n",
        "a.py": SIMPLE,
        "b.py": SIMPLE,
        "syntaxerror.py": 'metadata = {"apiLevel": "2.12"}\n\ndef run(ctx):\n    this is not python\n',
        "apitoonew.py": SIMPLE.replace("2.12", "2.99"),
        "nometa.py": "def run(ctx):\n    pass\n",
        "bad.json": "no json",
        "rtp.py": _parameters("rtp"),
        "csv.py": _parameters(
            "csv",
            csv='\n    p.add_csv_file(variable_name="data", display_name="Data")',
            read="\n    rows = ctx.params.data.parse_as_csv()",
        ),
        "data.csv": "well,volume\nA1,5\nB1,6\n",
        "my_plate.json": json.dumps(plate),
        "simple.json": json_protocol(3),
        **{f"simpleV{schema}.json": json_protocol(schema) for schema in (4, 6, 7, 8)},
    }


CUSTOM_LABWARE = _python("simple", _TRANSFER, plate="my_plate").replace(
    '"my_plate", 2)', '"my_plate", 2, namespace="custom_recording")'
)
