"""What the browser gets to see of an authorization: a page, or the way back to the client."""

from urllib.parse import urlencode

from samovar.kit.clock import Clock
from samovar.kit.i18n import Catalogue, Language
from samovar.kit.rest.answers import Answer
from samovar.services.auth.clients.domain import OPENID, leads_to, shown_place
from samovar.services.auth.openid.domain import address_of, is_to_prove
from samovar.services.auth.openid.schemas import AskConsent, AskSignIn, Outcome, Pending, SendBack
from samovar.services.auth.pages.cookies import Browser
from samovar.services.auth.pages.entrance import Entrance
from samovar.services.auth.pages.forms import Forms
from samovar.services.auth.pages.rendering import Pages
from samovar.services.auth.pages.schemas import Errand
from samovar.services.auth.pages.showing import sent_to

PENDING, CONSENT = "authorization", "consent"
CONTINUE = "/oauth2/authorize/continue"


class Screens:
    """Shows outcomes."""

    def __init__(
        self, *, pages: Pages, forms: Forms, entrance: Entrance, catalogue: Catalogue, clock: Clock
    ) -> None:
        self._pages = pages
        self._forms = forms
        self._entrance = entrance
        self._catalogue = catalogue
        self._clock = clock

    def show(self, outcome: Outcome, browser: Browser, language: Language) -> Answer:
        """Return the answer of an outcome."""
        match outcome:
            case AskSignIn():
                return self.sign_in(outcome.pending, outcome.client.name, browser, language)
            case AskConsent():
                return self._consent(outcome, browser, outcome.asked.pending.request.language or language)
            case SendBack():
                return self._back(outcome, language)

    def sign_in(self, pending: Pending, client_name: str, browser: Browser, language: Language) -> Answer:
        """Return the sign-in page; from there the browser comes back to the request."""
        request = pending.request
        form = self._forms.seal(pending, purpose=PENDING, browser=browser.id, now=self._clock.now())
        errand = Errand(
            to=f"{CONTINUE}?{urlencode({'form': form})}",
            leads_to=(leads_to(request.redirect_uri),),
            client=client_name,
            language=request.language,
            must_prove=is_to_prove(request),
        )
        return self._entrance.ask(browser, language, errand, login=request.login_hint)

    def _consent(self, asked: AskConsent, browser: Browser, language: Language) -> Answer:
        client, request = asked.client, asked.asked.pending.request
        items = [
            {
                "name": self._catalogue.text(f"page.consent.scope_{scope}", language),
                "what": self._catalogue.text(f"page.consent.scope_{scope}_what", language),
            }
            for scope in request.scope
            # Who is there, every client learns; a name for it alone needs no line of its own beside others.
            if scope != OPENID or request.scope == (OPENID,)
        ]
        return self._pages.render(
            "consent",
            language,
            leads_to=(leads_to(request.redirect_uri),),
            cookies=browser.set_cookies,
            form=self._forms.seal(asked.asked, purpose=CONSENT, browser=browser.id, now=self._clock.now()),
            client=client.name,
            developer=client.developer_name,
            is_ours=client.first_party,
            asked=bool(items) and not client.first_party,
            items=items,
            person=asked.person,
            place=shown_place(request.redirect_uri),
        )

    def _back(self, back: SendBack, language: Language) -> Answer:
        if back.response_mode == "form_post":
            params = [
                {"name": name, "value": value} for name, value in back.params.items() if value is not None
            ]
            return self._pages.render(
                "form_post",
                "en" if back.language == "en" else language,
                leads_to=(leads_to(back.redirect_uri),),
                uri=back.redirect_uri,
                params=params,
            )
        return sent_to(address_of(back.redirect_uri, back.params))
