"""Staff say what people call games."""

from typing import Any
from uuid import uuid4

from samovar.services.catalog.search import repository
from samovar.testing.hosting import Answer, Running

PATH = "/v1/admin/search-aliases"


async def ask(catalog: Running, method: str, path: str, role: str = "moderator", **more: Any) -> Answer:
    return await catalog.request(method, path, account_id=uuid4(), roles=("player", role), acr="aal2", **more)


async def test_an_alias_is_put_replaced_listed_and_removed(catalog: Running) -> None:
    put = await ask(catalog, "PUT", f"{PATH}/Гташка", json={"titles": ["Grand Theft Auto", "GTA Online"]})
    assert (put.status, len(put.body["items"])) == (200, 2)
    again = await ask(catalog, "PUT", f"{PATH}/ГТАШКА", json={"titles": ["Grand Theft Auto"]})
    assert again.body["items"] == [{"alias": "гташка", "title": "Grand Theft Auto"}]
    listed = await ask(catalog, "GET", f"{PATH}?after=гт")
    assert {"alias": "гташка", "title": "Grand Theft Auto"} in listed.body["items"]
    assert ("гташка", "Grand Theft Auto") in [
        (row.alias, row.title) for row in await repository.find_aliases(catalog.database)
    ]
    assert (await ask(catalog, "DELETE", f"{PATH}/гташка")).status == 204
    assert (await ask(catalog, "DELETE", f"{PATH}/гташка")).body["code"] == "catalog.alias_not_found"


async def test_nonsense_is_no_alias(catalog: Running) -> None:
    for alias, titles, field in (
        ("🎲", ["Dice"], "alias"),
        ("раз два три четыре пять шесть", ["Numbers"], "alias"),
        ("кости", ["🎲"], "titles"),
        ("кости", ["Кости"], "titles"),
        ("кости", [], "titles"),
        ("кости", ["a", "b", "c", "d"], "titles"),
    ):
        answer = await ask(catalog, "PUT", f"{PATH}/{alias}", json={"titles": titles})
        assert (answer.status, answer.body["errors"][0]["field"]) == (422, field), (alias, titles)


async def test_players_and_developers_name_nothing(catalog: Running) -> None:
    for role in ("player", "developer", "support"):
        answer = await ask(catalog, "PUT", f"{PATH}/гташка", role, json={"titles": ["Grand Theft Auto"]})
        assert answer.status == 403, role
