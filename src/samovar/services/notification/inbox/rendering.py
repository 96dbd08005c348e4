"""Turns what is kept of a story into sentences in the reader's language, and into a place of the client."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from samovar.kit.i18n import Catalogue, Language
from samovar.kit.money import Money
from samovar.services.notification.domain import KINDS
from samovar.services.notification.inbox.repository import Row
from samovar.services.notification.inbox.schemas import Notification

_SENTENCES = "notification.kinds"
_WORDS = "notification.words"


def _order(row: Row) -> str:
    return f"/orders/{row.facts['order_id']}" if "order_id" in row.facts else "/orders"


def _game(row: Row) -> str:
    # The page of a game answers to its id, too.
    name = row.slug or row.app_id
    return f"/game/{name}" if name else "/library"


def _organisation(row: Row) -> str:
    return f"/dev/organisations/{row.organisation_id}"


def _payouts(row: Row) -> str:
    return f"/dev/organisations/{row.organisation_id}/payouts"


def _to(path: str) -> Callable[[Row], str]:
    return lambda _row: path


LINKS: Mapping[str, Callable[[Row], str]] = {
    **dict.fromkeys(("order_paid", "order_fulfilled", "order_failed"), _order),
    **dict.fromkeys(("refund_started", "refund_settled"), _order),
    **dict.fromkeys(("gift_received", "gift_accepted", "gift_returned"), _to("/gifts")),
    **dict.fromkeys(("wallet_topped_up", "compensation_given"), _to("/wallet")),
    "licence_revoked": _to("/library"),
    **dict.fromkeys(("licence_granted", "preorder_released"), _game),
    **dict.fromkeys(("discount_started", "game_released", "left_early_access", "creator_released"), _game),
    "friend_requested": _to("/friends?tab=requests"),
    "friend_accepted": _to("/friends"),
    "family_invited": _to("/friends?tab=family"),
    **dict.fromkeys(("signed_in", "sign_in_refused", "account_held"), _to("/settings/security")),
    **dict.fromkeys(("credential_changed", "recovery_code_used"), _to("/settings/security")),
    **dict.fromkeys(
        ("submission_approved", "submission_returned", "submission_refused"),
        lambda row: f"/dev/apps/{row.app_id}",
    ),
    "organisation_confirmed": _organisation,
    **dict.fromkeys(("payee_changed", "payout_executed", "payout_rejected", "payout_returned"), _payouts),
}


class Renderer:
    """Writes notifications."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def notification(self, row: Row, language: Language) -> Notification:
        """Return a row as its reader sees it. A name that is not known is a word that fits in its place."""
        said = self._said(row, language)
        # `body_without` names nothing that this story does not know: where the device is not known, say.
        body = f"{_SENTENCES}.{row.kind}.body"
        if row.kind == "signed_in" and not row.facts.get("device"):
            body += "_without"
        return Notification(
            id=row.id,
            kind=row.kind,
            category=KINDS[row.kind],
            title=self._catalogue.text(f"{_SENTENCES}.{row.kind}.title", language, **said),
            body=self._catalogue.text(body, language, **said),
            link=LINKS[row.kind](row),
            image_url=row.avatar_url,
            app_id=row.app_id,
            person_id=row.person_id,
            is_read=row.read_at is not None,
            happened_at=row.happened_at,
        )

    def _said(self, row: Row, language: Language) -> dict[str, Any]:
        """Return all that a sentence may name."""
        facts = row.facts
        said: dict[str, Any] = {
            "app": self._app(row, language),
            "person": row.display_name or self._word("person", language),
            "organisation": row.organisation or self._word("organisation", language),
            "device": facts.get("device", ""),
            "address": facts.get("address", ""),
            "reason": facts.get("reason") or self._word("no_reason", language),
            "percent": facts.get("percent", 0),
            "left": facts.get("left", 0),
        }
        if "amount" in facts:
            said["amount"] = msgspec.convert(facts["amount"], Money)
        if "until" in facts:
            said["until"] = datetime.fromisoformat(facts["until"])
        if "destination" in facts:
            said["destination"] = self._one_of("destinations", facts["destination"], language)
        if "credential" in facts:
            said["what"] = self._one_of("credentials", facts["credential"], language)
            said["action"] = self._one_of("actions", facts["action"], language)
        return said

    def _app(self, row: Row, language: Language) -> str:
        title = f"«{row.title}»" if row.title and language == "ru" else row.title
        app = title or self._word("app", language)
        others = row.facts.get("others", 0)
        if not others:
            return app
        return self._catalogue.text(f"{_WORDS}.and_others", language, app=app, count=others)

    def _word(self, name: str, language: Language) -> str:
        return self._catalogue.text(f"{_WORDS}.{name}", language)

    def _one_of(self, group: str, name: str, language: Language) -> str:
        key = f"{_WORDS}.{group}.{name}"
        return self._catalogue.text(key if key in self._catalogue else f"{_WORDS}.{group}.other", language)
