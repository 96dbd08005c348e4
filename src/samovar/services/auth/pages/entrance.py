"""The way in through pages: whoever needs to know who sits at the browser asks here.

    return entrance.ask(browser, client.language, Errand(to="/oauth2/device?user_code=…"))

shows the sign-in page; when the person has signed in, second factor included, the browser is sent to `to` with its session's cookie.
"""

from typing import Any

from samovar.kit.clock import Clock
from samovar.kit.i18n import Language
from samovar.kit.rest.answers import Answer
from samovar.services.auth.domain import LOGIN_LENGTH_MAX
from samovar.services.auth.pages.cookies import Browser
from samovar.services.auth.pages.forms import Forms
from samovar.services.auth.pages.rendering import Pages
from samovar.services.auth.pages.schemas import Errand, FactorAwaited

SIGN_IN, SECOND_FACTOR = "sign_in", "second_factor"
ON_PAGES = ("totp", "recovery")
"""The second factors that need no script."""


class Entrance:
    """Shows the pages of a sign-in."""

    def __init__(self, pages: Pages, forms: Forms, clock: Clock) -> None:
        self._pages = pages
        self._forms = forms
        self._clock = clock

    def ask(
        self,
        browser: Browser,
        language: Language,
        errand: Errand,
        *,
        login: str = "",
        error: str | None = None,
        status: int = 200,
        retry_after_s: float | None = None,
    ) -> Answer:
        """Ask for a login and the password.

        Args:
            browser: Of the request.
            language: Of the browser; the errand's own comes before it.
            errand: What for.
            login: What stands in its field already.
            error: What went wrong the last time.
            status: The HTTP status.
            retry_after_s: When to come back, after too many attempts.
        """
        return self._pages.render(
            "sign_in",
            errand.language or language,
            status=status,
            leads_to=errand.leads_to,
            cookies=browser.set_cookies,
            headers=_retry(retry_after_s),
            form=self._forms.seal(errand, purpose=SIGN_IN, browser=browser.id, now=self._clock.now()),
            client=errand.client,
            login=login[:LOGIN_LENGTH_MAX],
            login_is_empty=not login,
            error=error,
        )

    def ask_second_factor(
        self,
        browser: Browser,
        language: Language,
        awaited: FactorAwaited,
        *,
        error: str | None = None,
        status: int = 200,
        retry_after_s: float | None = None,
    ) -> Answer:
        """Ask for the second factor."""
        offered = [method for method in ON_PAGES if method in awaited.methods]
        values: dict[str, Any] = {
            "form": self._forms.seal(
                awaited, purpose=SECOND_FACTOR, browser=browser.id, now=self._clock.now()
            ),
            "is_offered": bool(offered),
            "has_choice": len(offered) > 1,
            "only": offered[0] if len(offered) == 1 else None,
            "is_recovery": offered == ["recovery"],
            "error": error,
        }
        return self._pages.render(
            "second_factor",
            awaited.errand.language or language,
            status=status,
            leads_to=awaited.errand.leads_to,
            cookies=browser.set_cookies,
            headers=_retry(retry_after_s),
            **values,
        )


def _retry(after_s: float | None) -> dict[str, str]:
    return {} if after_s is None else {"Retry-After": str(max(1, int(after_s) + 1))}
