"""The look: paper and ink, system fonts only, light and dark. Each style sheet is in the folder of what it lays out."""

from pathlib import Path
from typing import Any

from markupsafe import Markup

SANS = ("Avenir Next", "Avenir", "Segoe UI", "Helvetica Neue", "Arial", "Noto Sans", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")

# Name: light, dark. Text colours have a contrast of at least 4.5 : 1 on `paper` and on `desk` (tests/web/test_theme.py).
COLOURS = {
    "desk": ("#f3eee4", "#141311"),
    "paper": ("#fbf9f4", "#1c1b19"),
    "ink": ("#2b2824", "#e8e4da"),
    "soft-ink": ("#675f54", "#aca497"),
    "hairline": ("#e3dccf", "#34312c"),
    "edge": ("#8c8374", "#7d766a"),  # of controls: a contrast of 3 : 1 on paper
    "accent": ("#7a3e2c", "#e0a48c"),
    "on-accent": ("#fffdf9", "#1c1b19"),
    "accent-hover": ("#653223", "#eab8a3"),
    "tint": ("#f3e6dc", "#3a2c24"),
    "faint-tint": ("#f6f1e6", "#26231e"),
    # of curves, besides ink; the same as in study/clouds.py
    "line-1": ("#7a3e2c", "#e0a48c"),
    "line-2": ("#2f5d62", "#8fc1c4"),
    "line-3": ("#5b4a7a", "#bdaee0"),
    "line-4": ("#55601f", "#c3c98a"),
    "line-5": ("#99580a", "#e6b85c"),
    "line-6": ("#8c2f5a", "#ea9abd"),
    "line-7": ("#2b5b9c", "#8fb4ee"),
    "line-8": ("#6f675c", "#a59d90"),
    "line-9": ("#2f7446", "#8ccb94"),
    "shade": ("#e89678", "#964a34"),  # the deepest of a character that was not expected
    "shadow": ("rgb(60 45 20 / 6%)", "rgb(0 0 0 / 30%)"),
}

_HERE = Path(__file__).parent
_SHEETS = (
    "components/page",
    "components/sheet",
    "components/controls",
    "components/line_chart",
    "tabs/write/write",
    "tabs/overlap/report",
    "tabs/overlap/tab",
    "tabs/teach/teach",
    "tabs/study/study",
    "tabs/poets/poets",
)
CSS = tuple(_HERE / f"{name}.css" for name in _SHEETS)


def theme() -> Any:
    """Return Gradio's plain theme in our colours."""
    import gradio as gr  # takes seconds, and pages without Gradio need the colours

    light = {name: pair[0] for name, pair in COLOURS.items()}
    dark = {name: pair[1] for name, pair in COLOURS.items()}
    roles = {
        "body_background_fill": "desk",
        "body_text_color": "ink",
        "body_text_color_subdued": "soft-ink",
        "background_fill_primary": "paper",
        "background_fill_secondary": "paper",
        "border_color_primary": "hairline",
        "border_color_accent": "accent",
        "color_accent_soft": "tint",
        "block_background_fill": "paper",
        "block_border_color": "hairline",
        "block_label_text_color": "soft-ink",
        "block_title_text_color": "soft-ink",
        "block_info_text_color": "soft-ink",
        "input_background_fill": "paper",
        "input_background_fill_focus": "paper",
        "input_border_color": "hairline",
        "input_border_color_focus": "accent",
        "input_placeholder_color": "soft-ink",
        "checkbox_background_color": "paper",
        "checkbox_background_color_selected": "accent",
        "checkbox_border_color": "edge",
        "checkbox_border_color_selected": "accent",
        "checkbox_label_background_fill": "paper",
        "checkbox_label_background_fill_hover": "paper",
        "checkbox_label_background_fill_selected": "paper",
        "checkbox_label_text_color": "ink",
        "slider_color": "accent",
        "loader_color": "accent",
        "accordion_text_color": "soft-ink",
        "table_border_color": "hairline",
        "button_primary_background_fill": "accent",
        "button_primary_background_fill_hover": "accent-hover",
        "button_primary_text_color": "on-accent",
        "button_primary_border_color": "accent",
        "button_secondary_background_fill": "paper",
        "button_secondary_background_fill_hover": "tint",
        "button_secondary_text_color": "ink",
        "button_secondary_border_color": "hairline",
        "error_background_fill": "paper",
        "error_text_color": "ink",
        "error_border_color": "accent",
    }
    both = {role: light[name] for role, name in roles.items() if role != "color_accent"}
    both |= {f"{role}_dark": dark[name] for role, name in roles.items()}
    base = gr.themes.Base(font=SANS, font_mono=MONO, radius_size=gr.themes.sizes.radius_sm).set(
        **both,
        color_accent=light["accent"],
        block_border_width="0px",
        block_border_width_dark="0px",
        block_shadow="none",
        block_shadow_dark="none",
        block_padding="0",
        block_label_text_size="*text_sm",
        block_title_text_size="*text_sm",
        block_title_text_weight="400",
        block_title_background_fill="transparent",
        block_title_padding="0",
        form_gap_width="0px",
        layout_gap="12px",
        input_shadow="none",
        input_shadow_focus="none",
        button_primary_shadow="none",
        button_primary_shadow_hover="none",
        button_primary_shadow_active="none",
        button_secondary_shadow="none",
        button_secondary_shadow_hover="none",
        button_secondary_shadow_active="none",
    )
    base.custom_css = _variables(":root", light) + _variables(":root.dark, :root .dark", dark)
    return base


def colour_css() -> Markup:
    """Return our colours as CSS variables, for pages without Gradio: light, or dark if the browser prefers it."""
    light = {name: pair[0] for name, pair in COLOURS.items()}
    dark = {name: pair[1] for name, pair in COLOURS.items()}
    return Markup(
        f"{_variables(':root', light)}@media (prefers-color-scheme: dark) {{ {_variables(':root', dark)} }}\n"
    )


def _variables(selector: str, colours: dict[str, str]) -> str:
    return f"{selector} {{ {' '.join(f'--pb-{name}: {value};' for name, value in colours.items())} }}\n"
