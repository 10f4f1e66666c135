"""Draws the architecture from the import contracts in pyproject.toml and the docstrings of the packages.

The contracts are checked against the imports, so the pictures cannot say what the code does not do.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from html import escape
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
WIDTH, GAP, PADDING, LINE = 960, 10, 8, 15
CHARACTER = 6.1
"""Width of a character of the descriptions, on average."""
HIDDEN = frozenset({"__main__", "errors", "files", "times", "cancellation", "polling", "names"})
"""What every layer uses, and entry points: it would say nothing in a picture."""
STYLE = """<style>
text { font-family: system-ui, sans-serif; font-size: 12px; fill: #1f2933; }
.name { font-weight: 600; font-size: 13px; }
.outside { fill: #52606d; }
rect { fill: #e6f4f1; stroke: #2c7a7b; rx: 4; }
</style>"""


def architecture() -> dict[str, str]:
    """Return the pictures by the names of their files."""
    return {
        "architecture.svg": picture("sila_ot2", "SiLA clients: requests go down, values and errors come up", "OT-2"),
        "architecture-driver.svg": picture("sila_ot2.driver", "implementations", "robot, store"),
    }


def picture(container: str, above: str, below: str) -> str:
    """Return a picture of the layers of a package, as SVG.

    Args:
        container: The package whose contract is drawn.
        above: What uses the uppermost layer.
        below: What the lowest layer uses.
    """
    shapes, y = [_caption(above, 0)], LINE + GAP
    for names in _layers(container):
        width = (WIDTH - GAP * (len(names) + 1)) / len(names)
        texts = {
            name: textwrap.wrap(_purpose(container, name), int((width - 2 * PADDING) / CHARACTER)) for name in names
        }
        height = 2 * PADDING + LINE * (1 + max(map(len, texts.values())))
        for column, (name, lines) in enumerate(texts.items()):
            x = GAP + column * (width + GAP)
            shapes.append(f'<rect x="{x:.0f}" y="{y}" width="{width:.0f}" height="{height}"/>')
            shapes.append(_text(name, x + PADDING, y + PADDING + LINE - 4, "name"))
            shapes += [
                _text(line, x + PADDING, y + PADDING + LINE * (number + 2) - 4, "") for number, line in enumerate(lines)
            ]
        y += height + GAP
    shapes.append(_caption(below, y))
    height = y + LINE + GAP
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
    title = f"<title>Layers of {container}, each using those below it</title>"
    ground = f'<path d="M0 0H{WIDTH}V{height}H0z" fill="#fff"/>'
    return "\n".join([head, title, STYLE, ground, *shapes, "</svg>"]) + "\n"


def _layers(container: str) -> list[list[str]]:
    """Return the names in each layer, the uppermost first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (
        one
        for one in settings["tool"]["importlinter"]["contracts"]
        if one["type"] == "layers" and one["containers"] == [container]
    )
    rows = [re.findall(r"\w+", layer) for layer in contract["layers"]]
    shown = [[name for name in row if name not in HIDDEN and _source(container, name).exists()] for row in rows]
    return [row for row in shown if row]


def _source(container: str, name: str) -> Path:
    path = ROOT / container.replace(".", "/") / name
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _purpose(container: str, name: str) -> str:
    """Return the first line of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(_source(container, name).read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0].replace("`", "")


def _caption(text: str, y: float) -> str:
    return f'<text x="{WIDTH // 2}" y="{y + LINE + 2}" text-anchor="middle" class="outside">↕ {escape(text)}</text>'


def _text(text: str, x: float, y: float, style: str) -> str:
    of_class = f' class="{style}"' if style else ""
    return f'<text x="{x:.0f}" y="{y}"{of_class}>{escape(text)}</text>'
