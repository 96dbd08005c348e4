"""Exports and erasures as they go on by themselves."""

from tests.services.account.personal_data.conftest import House

ME = "/v1/accounts/me"


async def test_signing_in_calls_an_erasure_off(together: House) -> None:
    who = await together.register()
    await together.ask("POST", f"{ME}/erasure", who.token)
    assert await together.state(who, "erasure") == "waiting"
    await together.log_in(who)

    async def canceled() -> bool:
        return await together.state(who, "erasure") == "canceled"

    await together.until(canceled)
    await together.let_the_grace_pass(who)
    assert (await together.ask("GET", ME, who.token)).body["display_name"] == who.name


async def test_an_export_is_gone_after_its_time(together: House) -> None:
    who = await together.register()
    await together.ask("POST", f"{ME}/export", who.token)
    await together.done(who, "export")
    link = (await together.ask("POST", f"{ME}/export/link", who.token)).body["url"]
    path = link.partition("/v1/")[1] + link.partition("/v1/")[2]
    assert (await together.ask("GET", path)).status == 200
    async with together.databases["account"].transaction() as tx:
        await tx.execute("UPDATE data_requests SET expires_at = now() WHERE account_id = $1", who.account_id)
    gone = await together.ask("GET", path)
    assert (gone.status, gone.body["code"]) == (404, "account.export_link_invalid")
