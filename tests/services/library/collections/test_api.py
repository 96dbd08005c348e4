"""REST of collections."""

from uuid import uuid4

from samovar.testing.hosting import Running


async def test_a_collection_is_made_listed_and_deleted(library: Running) -> None:
    me = uuid4()
    made = await library.request("POST", "/v1/collections", account_id=me, json={"name": "Любимое"})
    assert (made.status, made.body["place"], made.body["games"]) == (201, 0, 0)
    path = f"/v1/collections/{made.body['collection_id']}"
    again = await library.request("POST", "/v1/collections", account_id=me, json={"name": "любимое"})
    assert (again.status, again.body["code"]) == (409, "library.collection_name_taken")
    renamed = await library.request("PATCH", path, account_id=me, json={"name": "На вечер"})
    assert renamed.body["name"] == "На вечер"
    assert (await library.request("PATCH", path, account_id=uuid4(), json={"place": 0})).status == 404
    games = await library.request("PATCH", path + "/games", account_id=me, json={"add": [str(uuid4())]})
    assert (games.status, games.body["errors"][0]["field"]) == (422, "add[0]")
    listed = await library.request("GET", "/v1/collections", account_id=me)
    assert [one["name"] for one in listed.body["items"]] == ["На вечер"]
    assert (await library.request("DELETE", path, account_id=me)).status == 204
    assert (await library.request("DELETE", path, account_id=me)).status == 404
    assert (await library.request("GET", "/v1/collections")).status == 401
