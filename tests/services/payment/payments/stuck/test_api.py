"""Money that waits for a person, over REST: who sees it, who decides."""

from typing import Any
from uuid import uuid4

import pytest

from samovar.testing.hosting import Running

PATH = "/v1/admin/payments/stuck-money"


@pytest.mark.parametrize(
    ("role", "sees", "decides"),
    [("player", 403, 403), ("support", 200, 403), ("admin", 200, 403), ("finance", 200, 404)],
)
async def test_support_looks_and_finance_decides(
    payment: Running, role: str, sees: int, decides: int
) -> None:
    who: dict[str, Any] = {"account_id": uuid4(), "roles": (role,), "acr": "aal2"}
    assert (await payment.request("GET", PATH, **who)).status == sees
    for step in ("retry", "to-wallet"):
        answer = await payment.request(
            "POST",
            f"{PATH}/{uuid4()}/{step}",
            json={"note": "Почему"},
            headers={"Idempotency-Key": str(uuid4())},
            **who,
        )
        assert answer.status == decides


@pytest.mark.parametrize("note", ["", " \n", "a\0b", None, "x" * 501])
async def test_a_decision_has_a_reason(payment: Running, note: object) -> None:
    answer = await payment.request(
        "POST",
        f"{PATH}/{uuid4()}/to-wallet",
        account_id=uuid4(),
        roles=("finance",),
        acr="aal2",
        json={"note": note},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "note")
    assert (
        await payment.request("GET", f"{PATH}?cursor=x", account_id=uuid4(), roles=("finance",), acr="aal2")
    ).status == 422
