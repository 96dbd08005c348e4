"""The tokens as Flutter's theme, so that a plain control already looks like ours."""

import flet as ft

from samovar.client.theme.tokens import FONT, Colours, Radius, Sizes

_ROUND = ft.RoundedRectangleBorder(radius=Radius.CARD)


def theme() -> ft.Theme:
    """Return the theme."""
    return ft.Theme(
        use_material3=True,
        font_family=FONT,
        color_scheme=_colours(),
        scaffold_bgcolor=Colours.CANVAS,
        canvas_color=Colours.CANVAS,
        # Over a chosen chip, too, the words must stay readable.
        hover_color=ft.Colors.with_opacity(0.06, Colours.TEXT),
        focus_color=ft.Colors.with_opacity(0.24, Colours.ACCENT),
        splash_color=ft.Colors.with_opacity(0.10, Colours.TEXT),
        highlight_color=ft.Colors.with_opacity(0.06, Colours.TEXT),
        divider_color=Colours.LINE,
        hint_color=Colours.TEXT3,
        text_theme=_texts(),
        tooltip_theme=ft.TooltipTheme(
            text_style=ft.TextStyle(size=Sizes.CAPTION, color=Colours.TEXT, font_family=FONT),
            decoration=ft.BoxDecoration(bgcolor=Colours.SURFACE3, border_radius=Radius.BADGE),
        ),
        dialog_theme=ft.DialogTheme(
            bgcolor=Colours.SURFACE1,
            shape=ft.RoundedRectangleBorder(radius=Radius.PANEL),
            elevation=0,
        ),
        popup_menu_theme=ft.PopupMenuTheme(color=Colours.SURFACE2, shape=_ROUND, elevation=0),
        divider_theme=ft.DividerTheme(color=Colours.LINE, thickness=1, space=1),
        checkbox_theme=ft.CheckboxTheme(
            border_side=ft.BorderSide(1.5, Colours.CONTROL_LINE),
            shape=ft.RoundedRectangleBorder(radius=Radius.BADGE),
        ),
        progress_indicator_theme=ft.ProgressIndicatorTheme(
            # The dot at the far end reads as something that is there already.
            stop_indicator_radius=0,
            color=Colours.ACCENT,
            linear_track_color=Colours.SURFACE3,
        ),
        scrollbar_theme=ft.ScrollbarTheme(
            thickness=8, radius=Radius.BADGE, thumb_color=Colours.SURFACE3, cross_axis_margin=2
        ),
    )


def _colours() -> ft.ColorScheme:
    return ft.ColorScheme(
        primary=Colours.ACCENT,
        on_primary=Colours.ON_ACCENT,
        primary_container=Colours.SURFACE3,
        on_primary_container=Colours.TEXT,
        secondary=Colours.ACCENT,
        on_secondary=Colours.ON_ACCENT,
        secondary_container=Colours.SURFACE3,
        on_secondary_container=Colours.TEXT,
        tertiary=Colours.LINK,
        on_tertiary=Colours.CANVAS,
        error=Colours.DANGER,
        on_error=Colours.ON_DANGER,
        surface=Colours.CANVAS,
        on_surface=Colours.TEXT,
        on_surface_variant=Colours.TEXT2,
        surface_container_lowest=Colours.CANVAS,
        surface_container_low=Colours.SURFACE1,
        surface_container=Colours.SURFACE1,
        surface_container_high=Colours.SURFACE2,
        surface_container_highest=Colours.SURFACE3,
        surface_bright=Colours.SURFACE3,
        surface_dim=Colours.CANVAS,
        surface_tint=ft.Colors.TRANSPARENT,
        outline=Colours.CONTROL_LINE,
        outline_variant=Colours.LINE,
        inverse_surface=Colours.SURFACE3,
        on_inverse_surface=Colours.TEXT,
        inverse_primary=Colours.ACCENT,
        shadow=ft.Colors.TRANSPARENT,
    )


def _texts() -> ft.TextTheme:
    def style(
        size: int, weight: ft.FontWeight = ft.FontWeight.W_400, color: str = Colours.TEXT
    ) -> ft.TextStyle:
        return ft.TextStyle(size=size, weight=weight, color=color, font_family=FONT)

    bold, half = ft.FontWeight.W_700, ft.FontWeight.W_600
    return ft.TextTheme(
        display_small=style(Sizes.HERO, bold),
        headline_medium=style(Sizes.PAGE, bold),
        title_large=style(Sizes.SECTION, half),
        title_medium=style(Sizes.LEAD, half),
        title_small=style(Sizes.BODY, half),
        body_large=style(Sizes.LEAD),
        body_medium=style(Sizes.BODY),
        body_small=style(Sizes.CAPTION, color=Colours.TEXT2),
        label_large=style(Sizes.BODY, half),
        label_medium=style(Sizes.CAPTION, color=Colours.TEXT2),
        label_small=style(Sizes.CAPTION, color=Colours.TEXT3),
    )
