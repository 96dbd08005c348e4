"""What the browser gets to see while a device is let in."""

from datetime import timedelta

from samovar.kit.clock import Clock
from samovar.kit.i18n import Language
from samovar.kit.rest.answers import Answer
from samovar.services.auth.device_code.domain import APPROVED_WITHIN_S, PAGE
from samovar.services.auth.device_code.errors import DeviceRequestInvalid
from samovar.services.auth.device_code.page.schemas import Decision
from samovar.services.auth.device_code.schemas import BrowserApprover, DeviceRequestSeen
from samovar.services.auth.pages.cookies import Browser
from samovar.services.auth.pages.entrance import Entrance
from samovar.services.auth.pages.forms import Forms
from samovar.services.auth.pages.rendering import Pages
from samovar.services.auth.pages.schemas import Errand

DECISION = "device"
_UNPROCESSABLE = 422


class DeviceScreens:
    """Shows pages.

    Args:
        lives_for: How long a request lives: a proof must stay fresh for that long.
    """

    def __init__(
        self, *, pages: Pages, forms: Forms, entrance: Entrance, lives_for: timedelta, clock: Clock
    ) -> None:
        self._pages = pages
        self._forms = forms
        self._entrance = entrance
        self._fresh_for = timedelta(seconds=APPROVED_WITHIN_S) - lives_for
        self._clock = clock

    def is_fresh(self, browser: BrowserApprover) -> bool:
        """Return whether somebody has shown who they are so lately that they may decide until the request runs out."""
        return self._clock.now() - browser.proved_at <= self._fresh_for

    def may_decide(self, browser: BrowserApprover) -> bool:
        """Return whether somebody has shown who they are lately enough to say yes."""
        return self._clock.now() - browser.proved_at <= timedelta(seconds=APPROVED_WITHIN_S)

    def sign_in(self, user_code: str, browser: Browser, language: Language) -> Answer:
        """Ask who sits there, with the second factor; the code is opened only then."""
        errand = Errand(to=f"{PAGE}?user_code={user_code}", must_prove=True)
        return self._entrance.ask(browser, language, errand)

    def code(
        self, browser: Browser, language: Language, *, typed: str = "", is_wrong: bool = False
    ) -> Answer:
        """Ask for the code that the new device shows."""
        error = self._pages.sentence(DeviceRequestInvalid(), language) if is_wrong else None
        return self._pages.render(
            "device",
            language,
            status=_UNPROCESSABLE if is_wrong else 200,
            cookies=browser.set_cookies,
            user_code=typed,
            error=error,
        )

    def decision(
        self, seen: DeviceRequestSeen, who: BrowserApprover, browser: Browser, language: Language
    ) -> Answer:
        """Ask which number the new device shows."""
        now = self._clock.now()
        form = self._forms.seal(
            Decision(user_code=seen.user_code), purpose=DECISION, browser=browser.id, now=now
        )
        return self._pages.render(
            "device_request",
            language,
            cookies=browser.set_cookies,
            form=form,
            client=seen.client.name,
            developer=seen.client.developer_name,
            asked=bool(seen.client.scopes),
            scopes=[
                {
                    "name": self._pages.words(f"page.consent.scope_{scope}", language),
                    "what": self._pages.words(f"page.consent.scope_{scope}_what", language),
                }
                for scope in seen.client.scopes
            ],
            device=seen.device_name or self._pages.words("alert.some_device", language),
            address=seen.address or "—",
            is_same_network=seen.is_same_network,
            seconds=max(0, int((now - seen.requested_at).total_seconds())),
            person=who.login,
            numbers=[{"number": number} for number in seen.numbers],
        )

    def done(self, outcome: str, browser: Browser, language: Language) -> Answer:
        """Say what has come of it: `approved` or `denied`."""
        return self._pages.render(
            "message",
            language,
            title=self._pages.words(f"page.device_request.{outcome}_title", language),
            cookies=browser.set_cookies,
            is_fault=False,
            text=self._pages.words(f"page.device_request.{outcome}", language),
            trace_id=None,
            link=None,
        )
