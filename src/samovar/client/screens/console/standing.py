"""What state something of the console is in, as a mark: a colour beside the word."""

import flet as ft

from samovar.client.components.panels import Tone, badge
from samovar.client.state.words import Words

_STANDINGS: dict[str, Tone] = {"confirmed": "success", "checking": "info", "unconfirmed": "warning"}
_APPS: dict[str, Tone] = {"published": "success", "draft": "info", "withdrawn": "warning"}
_SUBMISSIONS: dict[str, Tone] = {
    "submitted": "info",
    "approved": "success",
    "releasing": "info",
    "released": "success",
    "changes_requested": "warning",
    "refused": "danger",
    "outdated": "warning",
}
_DISCOUNTS: dict[str, Tone] = {"active": "success", "scheduled": "info", "waiting": "info"}
_BUILDS: dict[str, Tone] = {"ready": "success", "uploading": "info"}


def standing_badge(words: Words, standing: str) -> ft.Control:
    """Return whether an organisation is confirmed."""
    return badge(words(f"console.standing.{standing}"), tone=_STANDINGS.get(standing))


def app_badge(words: Words, state: str) -> ft.Control:
    """Return whether an app is in the store."""
    return badge(words(f"console.state.{state}"), tone=_APPS.get(state))


def submission_badge(words: Words, state: str) -> ft.Control:
    """Return what became of a submission."""
    return badge(words(f"console.submission.{state}"), tone=_SUBMISSIONS.get(state))


def discount_badge(words: Words, state: str) -> ft.Control:
    """Return whether a discount holds."""
    return badge(words(f"console.discount.state.{state}"), tone=_DISCOUNTS.get(state))


def build_badge(words: Words, state: str) -> ft.Control:
    """Return whether a build can be given to players."""
    return badge(words(f"console.build.{state}"), tone=_BUILDS.get(state))
