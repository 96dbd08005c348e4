"""A role that was given for a time is gone when the time is over."""

import asyncio
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

from samovar.kit.clock import SystemClock
from samovar.kit.identity import Permissions
from samovar.kit.identity.keys import KeySet
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.kit.ids import new_id
from samovar.services.auth.audit import Audit
from samovar.services.auth.roles.declared import declared_permissions
from samovar.services.auth.roles.granting import Granting
from samovar.services.auth.roles.use_cases import RoleGrants
from samovar.testing.hosting import WAIT_S
from tests.services.auth.conftest import ORIGIN, Auth
from tests.services.auth.holders import somebody


def role_grants(auth: Auth) -> RoleGrants:
    clock = SystemClock()
    granting = Granting(
        permissions=Permissions(declared_permissions()),
        audit=Audit(auth.database, clock=clock, new_id=new_id),
        new_id=new_id,
    )
    return RoleGrants(
        auth.database,
        granting=granting,
        permissions=declared_permissions(),
        # This one is asked by nobody: the process hears of it by event.
        verifier=Verifier(
            issuer=ORIGIN,
            keys=KeySet("http://none.test", clock),
            revocations=Revocations(Redis(), clock),
            clock=clock,
        ),
        clock=clock,
    )


async def test_a_role_ends_by_itself_and_tokens_with_it(auth: Auth) -> None:
    admin, person = await somebody(auth, "admin"), await somebody(auth)
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    for role in ("moderator", "support"):
        body = {"account_id": person.id, "role": role, "reason": "a week of duty", "expires_at": soon}
        assert (await admin.ask("POST", "/v1/admin/roles/grants", body)).status == 201
    person = await person.renewed()
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE role_grants SET expires_at = now() WHERE account_id = $1 AND role = 'moderator'",
            person.id,
        )
    await role_grants(auth).end_expired()
    async with asyncio.timeout(WAIT_S):
        while (answer := await auth.me(person.token)).status == 200:  # noqa: ASYNC110  news by events
            await asyncio.sleep(0.02)
    assert answer.code == "auth.token_expired"
    assert (await (await person.renewed()).claims())["roles"] == ["player", "support"]
    rows = (await admin.ask("GET", f"/v1/admin/roles/grants?account_id={person.id}&state=all")).body["items"]
    assert {row["role"]: row["revoke_reason"] for row in rows} == {
        "moderator": "its time is over",
        "support": None,
    }


async def test_what_ended_years_ago_is_forgotten(auth: Auth) -> None:
    person = await somebody(auth)
    async with auth.database.transaction() as tx:
        await tx.execute(
            "INSERT INTO role_grants (id, account_id, role, reason, granted_at, revoked_at) "
            "SELECT gen_random_uuid(), $1, 'support', 'test', now() - interval '9 years', ended.at "
            "FROM unnest(ARRAY[now() - interval '3 years', now() - interval '1 year']) AS ended (at)",
            person.id,
        )
    await role_grants(auth).end_expired()
    left = await auth.database.fetch_value(
        "SELECT count(*) FROM role_grants WHERE account_id = $1", person.id
    )
    assert left == 1
