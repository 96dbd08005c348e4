"""«Это был не я» takes back what a thief did to second factors, and the owner's own work again."""

import asyncio
import re
from uuid import UUID

from samovar.services.auth.contract.events import CredentialChanged, RecoveryCodeUsed
from samovar.testing.messages import Messages
from tests.services.auth.authenticator import Authenticator
from tests.services.auth.conftest import Answer, Auth, Installation, new_address
from tests.services.auth.people import Person, new_person, sign_in_by

WAIT_S = 20


async def letter_about(mailbox: Messages, person: Person, words: str) -> str:
    """Wait for a letter to a person that says something, and return its text."""
    async with asyncio.timeout(WAIT_S):
        while True:
            for letter in await mailbox.all(to=person.email):
                if words in letter.text:
                    return letter.text
            await asyncio.sleep(0.05)


async def deny(person: Person, letter: str) -> Answer:
    """Say «это был не я»."""
    found = re.search(r"token=(smvn_[\w-]+)", letter)
    assert found
    body = {"token": found[1]}
    answer = await person.auth.ask("POST", "/v1/auth/alerts/not-me", body, x_forwarded_for=new_address())
    assert answer.status == 200
    return answer


async def factors_of(person: Person) -> tuple[str, ...]:
    """Return what is asked for after the password, as the database has it: all sessions were ended."""
    kinds = await person.auth.database.fetch_value(
        "SELECT second_factors FROM accounts WHERE id = $1", UUID(person.account_id)
    )
    return tuple(kinds)


async def test_the_owners_factors_are_there_again_and_the_thiefs_are_gone(
    auth: Auth, installation: Installation
) -> None:
    person = await new_person(auth)
    await person.add_passkey(mine := Authenticator(), "Мой")
    await person.step_up_by(mine)
    await person.connect_app()
    secret, codes = person.secret, person.recovery_codes
    await person.add_passkey(thiefs := Authenticator(), "Чужой")
    added = await letter_about(installation.messages, person, "добавлен ключ доступа: Чужой")
    await person.connect_another_app()
    await person.ask("POST", "recovery-codes")
    for passkey in (await person.ask("GET", "passkeys")).body["items"]:
        if passkey["name"] == "Мой":
            assert (await person.ask("DELETE", f"passkeys/{passkey['id']}")).status == 204
    assert person.secret != secret
    await deny(person, added)
    assert await factors_of(person) == ("passkey", "totp", "recovery")
    assert (await sign_in_by(auth, thiefs)).code == "auth.passkey_refused"
    signed_in = await sign_in_by(auth, mine)
    assert signed_in.status == 200
    token = signed_in.body["access_token"]
    person.secret = secret
    await person.wait_for_the_next_code()
    assert (await person.step_up("totp", token=token, code=person.code())).status == 200
    assert (await person.step_up("recovery", token=token, code=codes[0])).status == 200
    changes = await auth.events(CredentialChanged, person.account_id)
    assert {event.credential for event in changes if event.action == "rolled_back"} >= {
        "passkey",
        "totp",
        "recovery_codes",
    }


async def test_factors_that_a_thief_put_on_an_account_without_any_are_gone(
    auth: Auth, installation: Installation
) -> None:
    person = await new_person(auth)
    await person.connect_app()
    added = await letter_about(installation.messages, person, "подключено приложение с кодами")
    await deny(person, added)
    assert await factors_of(person) == ()
    left = await auth.database.fetch_value(
        "SELECT count(*) FROM recovery_codes WHERE account_id = $1", UUID(person.account_id)
    )
    assert left == 0


async def test_the_owner_hears_of_a_used_recovery_code(auth: Auth, installation: Installation) -> None:
    person = await new_person(auth)
    await person.connect_app()
    assert (await person.step_up("recovery", code=person.recovery_codes[0])).status == 200
    letter = await letter_about(installation.messages, person, "использован резервный код; осталось кодов: 9")
    assert "not-me?token=" in letter
    assert len(await auth.events(RecoveryCodeUsed, person.account_id)) == 1


async def test_what_nobody_can_call_back_is_deleted(auth: Auth, installation: Installation) -> None:
    person = await new_person(auth)
    await person.add_passkey(mine := Authenticator())
    await person.step_up_by(mine)
    await person.connect_app()
    await person.ask("DELETE", "totp")
    for passkey in (await person.ask("GET", "passkeys")).body["items"]:
        assert (await person.ask("DELETE", f"passkeys/{passkey['id']}")).status == 204
    tables = ("former_totp_credentials", "former_passkeys", "former_recovery_codes")
    count = " + ".join(f"(SELECT count(*) FROM {table} WHERE account_id = $1)" for table in tables)
    assert await auth.database.fetch_value(f"SELECT {count}", UUID(person.account_id)) == 12
    async with auth.database.transaction() as tx:
        for table in tables:
            await tx.execute(f"UPDATE {table} SET removed_at = now() - interval '16 days'")
        await tx.execute("UPDATE kit.jobs SET next_run_at = now() WHERE name LIKE 'forget_%'")
    async with installation.process(), asyncio.timeout(WAIT_S):
        while left := await auth.database.fetch_value(f"SELECT {count}", UUID(person.account_id)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert left == 0
