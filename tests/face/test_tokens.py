"""Colours can be read: every text on every ground it stands on, light and dark."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).resolve().parents[2] / "config" / "static" / "css"
CONTRAST_MIN = 4.5
PAIRS = [
    *((ink, ground) for ink in ("ink", "soft") for ground in ("paper", "card", "wash")),
    *(("accent", ground) for ground in ("paper", "card", "wash", "accent-wash")),
    *((f"level-{number}", "paper") for number in (0, 1, 2)),
    ("accent-ink", "accent"),
    ("ink", "accent-wash"),
    ("leaf-ink", "leaf"),
    ("leaf-ink", "mark"),
    *((f"code-{name}", "wash") for name in ("key", "text", "number", "name")),
]


def themes() -> dict[str, dict[str, str]]:
    text = (STYLES / "tokens.css").read_text()
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", text)
    tokens = [
        (selector.strip(), dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", body)))
        for selector, body in blocks
    ]
    light = next(values for selector, values in tokens if selector == ":root")
    by_system = next(values for selector, values in tokens if "not(" in selector)
    chosen = next(values for selector, values in tokens if 'data-theme="dark"' in selector)
    return {"light": light, "dark by system": by_system, "dark by choice": chosen}


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
@pytest.mark.parametrize("theme", ["light", "dark by system", "dark by choice"])
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    values = themes()[theme]
    brighter, darker = sorted(map(luminance, (values[ink], values[ground])), reverse=True)

    assert (brighter + 0.05) / (darker + 0.05) >= CONTRAST_MIN


def test_every_colour_has_a_dark_twin_and_both_darks_are_one() -> None:
    found = themes()

    assert set(found["dark by choice"]) == set(found["light"])
    assert found["dark by choice"] == found["dark by system"]


def test_colours_are_named_only_among_the_tokens() -> None:
    named = [
        f"{path.name}: {line.strip()}"
        for path in sorted(STYLES.glob("*.css"))
        if path.name != "tokens.css"
        for line in path.read_text().splitlines()
        if re.search(r"#[0-9a-fA-F]{3,8}\b(?!.*\{)", line)
    ]

    assert named == []
