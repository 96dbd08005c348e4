"""The saga over processes that come and go, and services that are away."""

from samovar.testing.messages import Messages
from tests.services.account.personal_data.conftest import House, Somebody, house

ME = "/v1/accounts/me"


async def error_of(house: House, who: Somebody) -> str | None:
    error: str | None = await house.databases["account"].fetch_value(
        "SELECT last_error FROM data_steps s JOIN data_requests r ON r.id = s.request_id "
        "WHERE r.account_id = $1 AND service = 'catalog'",
        who.account_id,
    )
    return error


async def test_a_service_that_is_away_is_asked_until_it_answers(
    redis_url: str, nats_url: str, messages: Messages, databases: dict[str, str]
) -> None:
    """And what is done already is not done again: the process may be another one."""
    more = '["auth", "account", "catalog"]'
    async with house(redis_url, nats_url, messages, databases, data_services=more) as first:
        who = await first.register()
        await first.ask("POST", f"{ME}/export", who.token)

        async def only_catalog_is_missing() -> bool:
            shown = (await first.ask("GET", f"{ME}/export", who.token)).body
            waiting = [step["service"] for step in shown["steps"] if not step["is_done"]]
            return waiting == ["catalog"] and await error_of(first, who) is not None

        await first.until(only_catalog_is_missing)
        assert await first.state(who, "export") == "running"
    async with house(redis_url, nats_url, messages, databases) as second:
        database = second.databases["account"]
        # As if catalog had come back: it is asked where account is.
        async with database.transaction() as tx:
            await tx.execute(
                "DELETE FROM data_steps s USING data_requests r WHERE r.id = s.request_id "
                "AND r.account_id = $1 AND service = 'catalog'",
                who.account_id,
            )
        await second.done(who, "export")
