"""A person has their data from all twelve services, and is forgotten by all of them."""

import io
import zipfile
from uuid import uuid4

from samovar.testing.platform import Platform

SERVICES = {
    *("auth", "account", "catalog", "library", "download", "payment"),
    *("social", "developer", "admin", "analytics", "notification", "gateway"),
}
ME = "/v1/accounts/me"
DONE_WITHIN_S = 60.0


async def test_all_twelve_services_give_a_receipt(platform: Platform) -> None:
    email = f"{uuid4().hex}@example.org"
    person = {"email": email, "password": f"{uuid4()}", "display_name": "Аня", "consents": ["terms"]}
    came = await platform.request("POST", "/v1/auth/register", json=person)
    token = came.body["access_token"]
    code = (await platform.messages.last(to=email)).code
    confirmed = await platform.request("POST", f"{ME}/email/confirm", token=token, json={"code": code})
    assert (confirmed.status, confirmed.body["verified"]) == (200, True)
    asked = await platform.request("POST", f"{ME}/export", token=token)
    assert {step["service"] for step in asked.body["steps"]} == SERVICES

    async def is_done() -> bool:
        shown = await platform.request("GET", f"{ME}/export", token=token)
        return bool(shown.body["state"] == "done")

    await platform.until(is_done, within_s=DONE_WITHIN_S)
    shown = (await platform.request("GET", f"{ME}/export", token=token)).body
    assert all(step["is_done"] and step["receipt"] is not None for step in shown["steps"])
    link = (await platform.request("POST", f"{ME}/export/link", token=token)).body["url"]
    archive = await platform.request("GET", link.removeprefix(platform.url))
    names = set(zipfile.ZipFile(io.BytesIO(archive.body)).namelist())
    assert names == {"about.json", *(f"{service}.json" for service in SERVICES)}
    assert (await platform.messages.last(to=email, number=2)).subject == "Копия ваших данных готова"
