"""Which attached pipette or module can serve for the one that a protocol needs: the engine's own rules.

From the definitions of opentrons-shared-data (`backCompatNames` of pipettes, `compatibleWith` of modules); a test
compares them with those of the simulated robot.
"""

from __future__ import annotations

from collections.abc import Iterable

_PIPETTES = {
    "p20_single_gen2": frozenset({"p10_single"}),
    "p300_single_gen2": frozenset({"p300_single"}),
    "p1000_single_gen2": frozenset({"p1000_single"}),
    "p20_multi_gen2": frozenset({"p10_multi"}),
    "p300_multi_gen2": frozenset({"p300_multi"}),
}
"""Attached pipettes, and those whose place they take."""
_MODULES = {
    "temperatureModuleV1": frozenset({"temperatureModuleV2"}),
    "temperatureModuleV2": frozenset({"temperatureModuleV1"}),
}
"""The same of modules. No generation of a magnetic module or thermocycler takes the place of another."""


def pipette_fits(attached: str, *, wanted: str) -> bool:
    """Return whether a robot takes the attached pipette for the one that a protocol names."""
    return attached == wanted or wanted in _PIPETTES.get(attached, ())


def module_fits(attached: str, *, wanted: str) -> bool:
    """Return whether a robot takes the attached module for the one that a protocol names."""
    return attached == wanted or wanted in _MODULES.get(attached, ())


def missing_modules(wanted: Iterable[str], attached: Iterable[str]) -> tuple[str, ...]:
    """Return the models for which no attached module is left; each attached one serves once."""
    left = list(attached)
    missing: list[str] = []
    for model in sorted(wanted, key=lambda model: model not in left):  # those that are there themselves come first
        fitting = sorted((one for one in left if module_fits(one, wanted=model)), key=lambda one: one != model)
        if fitting:
            left.remove(fitting[0])
        else:
            missing.append(model)
    return tuple(missing)
