"""Fields of forms, as elements of HTML: keyboards and screen readers support them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from sila_ot2.client.generated.protocol_service import ParameterDefinition
from sila_ot2.web import sentences, texts
from sila_ot2.web.elements import box, text

OnInput = Callable[[str], None]
Choices = Sequence[tuple[str, str]]


def line(label: str, value: str, on_change: OnInput, *, hint: str = "", **attributes: str) -> ui.element:
    """Add a field for a line of text or a number."""
    field = _labeled("input", label, hint)
    # As an attribute (^): a property would be set anew with each update of the page, and undo what was typed.
    field.props["^value"] = value
    field.props.update(attributes)
    _tell(field, "input", "value", on_change)
    return field


def number(label: str, value: str, on_change: OnInput, *, hint: str = "") -> ui.element:
    """Add a field for a number; it reports the text as it was typed.

    Not the type `number` of HTML: browsers report an empty text for what they do not accept as a number, such as one
    with a decimal comma, or silently drop its characters.
    """
    return line(label, value, on_change, hint=hint, inputmode="decimal", autocomplete="off")


def suggestions(field: ui.element) -> ui.element:
    """Add a place for options that a field offers; it takes other values as well."""
    offered = box("datalist")
    offered.props["id"] = field.props["list"] = f"{field.props['id']}-values"
    return offered


def choice(label: str, value: str, choices: Choices, on_change: OnInput, *, hint: str = "") -> ui.element:
    """Add a field to choose from values, each with the text that is shown."""
    field = _labeled("select", label, hint)
    with field:
        for each, shown in choices:
            option = text("option", shown)
            option.props["value"] = each
            if each == value:
                option.props["selected"] = True
    _tell(field, "change", "value", on_change)
    return field


def tick(label: str, on_change: OnInput, *, checked: bool, hint: str = "") -> ui.element:
    """Add a field that is ticked or not; it reports `true` or `false`."""
    field = _labeled("input", label, hint, "tick")
    field.props["type"] = "checkbox"
    if checked:
        field.props["checked"] = True
    _tell(field, "change", "checked", lambda value: on_change(str(value).lower()))
    return field


def parameter(definition: ParameterDefinition, files: Choices, on_change: OnInput) -> None:
    """Add the field of a run-time parameter, by its type.

    Args:
        definition: the parameter.
        files: the data files to choose from, by identifier and name.
        on_change: is called with the value as the server reads it.
    """
    label = (
        f"{definition.display_name or definition.name}{f' ({definition.unit_label})' if definition.unit_label else ''}"
    )
    limits = sentences.limits(definition.minimal_value, definition.maximal_value)
    hint = " ".join(filter(None, (definition.details, limits)))
    default = definition.default_value
    if definition.parameter_type == "File":
        choice(label, "", [("", texts.CHOOSE), *files], on_change, hint=hint)
    elif definition.choices:
        choice(label, default, [(each.value, each.display_name) for each in definition.choices], on_change, hint=hint)
    elif definition.parameter_type == "Boolean":
        tick(label, on_change, checked=default.lower() == "true", hint=hint)
    elif definition.parameter_type in ("Integer", "Real"):
        number(label, default, on_change, hint=hint)
    else:
        line(label, default, on_change, hint=hint)


def _labeled(tag: str, label: str, hint: str, classes: str = "") -> ui.element:
    with box(classes=f"labeled {classes}"):
        name = text("label", label)
        field = box(tag, "field")
        identifier = f"field-{field.id}"
        field.props["id"] = name.props["for"] = identifier
        if hint:
            text("p", hint, "muted").props["id"] = f"{identifier}-hint"
            field.props["aria-describedby"] = f"{identifier}-hint"
    return field


def _tell(field: ui.element, event: str, attribute: str, on_change: Callable[[Any], None]) -> None:
    def forward(change: GenericEventArguments) -> None:
        on_change(change.args)

    field.on(event, forward, js_handler=f"(event) => emit(event.target.{attribute})")
