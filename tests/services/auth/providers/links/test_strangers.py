"""A stranger who came before the owner («pre-hijacking»): what they tied to the account does not outlive the owner's first proof."""

import asyncio
import re

import pytest

from samovar.services.auth.contract.events import CredentialChanged
from tests.services.auth.conftest import PASSWORD, Auth, Installation, new_address
from tests.services.auth.providers.browsing import Browser
from tests.services.auth.providers.travelling import new_person

TOKEN = re.compile(r"token=(smvp_[\w-]+)")
NEW = "три весёлых гуся у реки"


async def _reset_by_mail(auth: Auth, installation: Installation, email: str, *, letters: int = 1) -> None:
    await auth.ask("POST", "/v1/auth/password/forgot", {"login": email}, x_forwarded_for=new_address())
    tokens: list[str] = []
    async with asyncio.timeout(10):
        while len(tokens) < letters:
            mails = await installation.messages.all(to=email)
            tokens = [found[1] for mail in mails if (found := TOKEN.search(mail.text))]
            await asyncio.sleep(0.02)
    for token in tokens:
        body = {"new_password": NEW, "token": token}
        await auth.ask("POST", "/v1/auth/password/reset", body, x_forwarded_for=new_address())
    assert (await auth.log_in(email, NEW)).status == 200


@pytest.mark.parametrize("was_proved", [False, True])
async def test_a_strangers_link_ends_with_the_owners_first_proof(
    was_proved: bool,  # noqa: FBT001  of the table
    provided: Auth,
    browser: Browser,
    installation: Installation,
) -> None:
    person = new_person()
    email = f"{person}@example.com"
    registered = await provided.register(email=email, password=PASSWORD)
    if was_proved:
        async with provided.database.transaction() as tx:
            await tx.execute("UPDATE logins SET verified_at = now() WHERE login = $1", email)
    assert (await browser.link(registered.body["access_token"], "vk", person)).status == 200
    await _reset_by_mail(provided, installation, email)
    came = await browser.sign_in("vk", person)
    assert ("access_token" in came.body) is was_proved
    events = await provided.events(CredentialChanged, registered.body["account_id"])
    actions = [event.action for event in events if event.credential == "link"]
    assert actions == (["added"] if was_proved else ["added", "removed"])
