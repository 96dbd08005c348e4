"""REST over a real socket: what handlers get, and what each kind of nonsense is answered."""

import asyncio
import io
from collections.abc import AsyncIterator
from importlib import resources
from typing import Annotated, Any
from uuid import UUID

import aiohttp
import msgspec
import pytest

from samovar.kit.errors import NotFound, SamovarError
from samovar.kit.i18n import Catalogue
from samovar.kit.injection import MissingDependency
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import HostedRoutes, build_app
from samovar.kit.rest.observer import Observer
from samovar.kit.rest.parameters import QueryFields, header
from samovar.kit.rest.server import RestServer
from samovar.kit.routes import Route, get, post, put

GAME = "018f0000-0000-7000-8000-000000000000"


class NewThing(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=2)]
    price_minor: int = 0


class Thing(msgspec.Struct):
    game_id: UUID
    name: str
    page: int


class Things:
    def make(self, game_id: UUID, new: NewThing, page: int) -> Thing:
        if new.name == "absent":
            raise NotFound
        if new.name == "broken":
            raise RuntimeError("a secret of the inside")
        return Thing(game_id, new.name, page)


@post("/v1/games/{game_id:uuid}/things", auth="public", raises=(NotFound,))
async def add_thing(game_id: UUID, data: NewThing, things: Things, page: int = 1) -> Thing:
    """Add a thing."""
    return things.make(game_id, data, page)


@get("/v1/slow", auth="public", timeout_ms=20)
async def be_slow() -> None:
    """Take longer than allowed."""
    await asyncio.sleep(10)


@get("/v1/version", auth="public")
async def show_version(version: Annotated[str | None, header("If-Match")] = None) -> dict[str, str | None]:
    """Show what the header says."""
    return {"version": version}


class Grant(msgspec.Struct, forbid_unknown_fields=True):
    grant_type: str
    max_age: int = 0


@post("/v1/token", auth="public", body="form", body_bytes_max=1_024)
async def take_form(data: Grant) -> Grant:
    """Give the fields back."""
    return data


class Filters(QueryFields, frozen=True, kw_only=True):
    tag: tuple[str, ...] = ()
    price_max: Annotated[int, msgspec.Meta(ge=0)] | None = None


@get("/v1/shelves/{shelf:str}", auth="public")
async def filter_things(shelf: str, filters: Filters, limit: int = 24) -> dict[str, Any]:
    """Show what was understood."""
    return {"shelf": shelf, "tag": filters.tag, "price_max": filters.price_max, "limit": limit}


def in_two_words(error: SamovarError) -> Answer:
    return Answer({"error": error.code}, status=400, cookies=("a=1", "b=2"))


@post("/v1/odd", auth="public", body="form", refusal=in_two_words)
async def refuse_oddly(data: Grant) -> Grant:
    """Refuse in the form of another standard."""
    raise NotFound(data.grant_type)


@put("/v1/picture", auth="public", body="bytes", body_bytes_max=1_024, etag=True)
async def take_bytes(data: bytes) -> int:
    """Count them."""
    return len(data)


@pytest.fixture(scope="module")
async def origin() -> AsyncIterator[str]:
    catalogue = Catalogue.load([resources.files("samovar.kit") / "locale"])
    routes: tuple[Route, ...] = (
        add_thing,
        be_slow,
        show_version,
        take_form,
        refuse_oddly,
        take_bytes,
        filter_things,
    )
    app = build_app([HostedRoutes("things", routes, {"things": Things()})], catalogue=catalogue)
    server = RestServer(Observer(app, "things"), "127.0.0.1", 0)
    await server.start()
    yield f"http://{server.address}"
    await server.stop()


async def ask(method: str, url: str, **request: Any) -> tuple[int, dict[str, str], Any]:
    async with aiohttp.ClientSession() as session, session.request(method, url, **request) as answer:
        body = await answer.read()
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, headers, msgspec.json.decode(body) if body else None


async def test_a_handler_gets_path_query_body_and_what_its_service_built(origin: str) -> None:
    status, headers, body = await ask(
        "POST", f"{origin}/v1/games/{GAME}/things?page=3", json={"name": "ёлка"}
    )
    assert (status, body) == (201, {"game_id": GAME, "name": "ёлка", "page": 3})
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"{bad", "application/json", (400, "request.malformed", [])),
        (b'{"name": "\xff\xff"}', "application/json", (400, "request.malformed", [])),
        (b"", "application/json", (422, "request.invalid", [("", "missing")])),
        (b"name=ok", "application/x-www-form-urlencoded", (415, "request.unsupported_media_type", [])),
        (b'{"name": "x"}', "application/json", (422, "request.invalid", [("name", "too_short")])),
        (b"{}", "application/json", (422, "request.invalid", [("name", "missing")])),
        (b'{"name": "ok", "id": 1}', "application/json", (422, "request.invalid", [("id", "unknown")])),
        (
            b'{"name": "ok", "price_minor": "5"}',
            "application/json",
            (422, "request.invalid", [("price_minor", "wrong_type")]),
        ),
        (b"[]", "application/json", (422, "request.invalid", [("", "wrong_type")])),
        (b'{"name": "absent"}', "application/json", (404, "request.not_found", [])),
        (b" " * 2_000_000, "application/json", (413, "request.too_large", [])),
        (b"[" * 100_000, "application/json", (422, "request.invalid", [("", "wrong_type")])),
        (b'{"name": 5, bad', "application/json", (422, "request.invalid", [("name", "wrong_type")])),
    ],
)
async def test_nonsense_is_answered_with_a_proper_problem(
    origin: str, body: bytes, content_type: str, expected: tuple[int, str, list[tuple[str, str]]]
) -> None:
    status, headers, problem = await ask(
        "POST",
        f"{origin}/v1/games/{GAME}/things",
        data=io.BytesIO(body),
        headers={"Content-Type": content_type},
    )
    fields = [(error["field"], error["code"]) for error in problem.get("errors", [])]
    assert (status, problem["code"], fields) == expected
    assert headers["content-type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["trace_id"] == headers["x-request-id"]


async def test_an_exception_shows_nothing_of_the_inside(origin: str) -> None:
    status, _, problem = await ask("POST", f"{origin}/v1/games/{GAME}/things", json={"name": "broken"})
    assert (status, problem["code"]) == (500, "internal")
    assert "secret" not in str(problem)


async def test_sentences_are_russian_unless_the_reader_asks_for_english(origin: str) -> None:
    _, _, russian = await ask("GET", f"{origin}/nowhere")
    _, _, english = await ask("GET", f"{origin}/nowhere", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert (russian["title"], english["title"]) == ("Не найдено", "Not found")


async def test_a_wrong_method_names_the_right_ones(origin: str) -> None:
    status, headers, problem = await ask("DELETE", f"{origin}/v1/slow")
    assert (status, problem["code"]) == (405, "request.method_not_allowed")
    assert "GET" in headers["allow"]


async def test_a_path_parameter_of_the_wrong_type_is_not_found(origin: str) -> None:
    status, _, _ = await ask("POST", f"{origin}/v1/games/17/things", json={"name": "ok"})
    assert status == 404


async def test_a_query_parameter_of_the_wrong_type_is_named(origin: str) -> None:
    status, _, problem = await ask("POST", f"{origin}/v1/games/{GAME}/things?page=x", json={"name": "ok"})
    assert (status, problem["errors"][0]["field"]) == (422, "page")


async def test_many_filters_of_a_list_are_one_parameter(origin: str) -> None:
    _, _, some = await ask("GET", f"{origin}/v1/shelves/a?tag=x&tag=y&price_max=5&limit=2")
    assert some == {"shelf": "a", "tag": ["x", "y"], "price_max": 5, "limit": 2}
    _, _, none = await ask("GET", f"{origin}/v1/shelves/a")
    assert none == {"shelf": "a", "tag": [], "price_max": None, "limit": 24}
    status, _, problem = await ask("GET", f"{origin}/v1/shelves/a?price_max=-1")
    assert (status, problem["errors"][0]["field"]) == (422, "price_max")


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("price_max=1&price_max=2", ("price_max", "repeated")),
        ("tag=a&" * 101, ("", "too_many_parameters")),
    ],
)
async def test_parameters_given_twice_or_by_the_hundred_are_refused(
    origin: str, query: str, fault: tuple[str, str]
) -> None:
    status, _, problem = await ask("GET", f"{origin}/v1/shelves/a?{query}")
    (field,) = problem["errors"]
    assert (status, (field["field"], field["code"])) == (422, fault)
    assert field["detail"].endswith(("раза.", "100."))


async def test_a_nul_in_the_address_is_refused(origin: str) -> None:
    status, _, problem = await ask("POST", f"{origin}/v1/games/{GAME}/things?page=%00", json={"name": "ok"})
    assert (status, problem["errors"][0]["code"]) == (422, "nul")


async def test_a_handler_that_takes_too_long_is_cut_off(origin: str) -> None:
    status, _, problem = await ask("GET", f"{origin}/v1/slow")
    assert (status, problem["code"]) == (504, "request.deadline_exceeded")


async def test_head_answers_as_get_without_a_body(origin: str) -> None:
    status, headers, body = await ask("HEAD", f"{origin}/v1/version")
    assert (status, body, headers["content-length"]) == (200, None, "16")


async def test_a_header_is_a_parameter(origin: str) -> None:
    _, _, body = await ask("GET", f"{origin}/v1/version", headers={"If-Match": "7"})
    assert body == {"version": "7"}


async def test_the_callers_trace_and_request_id_go_on(origin: str) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    _, headers, problem = await ask(
        "GET",
        f"{origin}/nowhere",
        headers={"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01", "X-Request-Id": "mine"},
    )
    assert (problem["trace_id"], headers["x-request-id"]) == (trace_id, "mine")


async def test_a_handler_that_asks_for_what_nobody_built_is_refused_at_start() -> None:
    catalogue = Catalogue.load([resources.files("samovar.kit") / "locale"])
    with pytest.raises(MissingDependency, match="things"):
        build_app([HostedRoutes("things", (add_thing,), {})], catalogue=catalogue)


async def test_a_form_is_read_into_the_same_types(origin: str) -> None:
    form = {"grant_type": "код и ещё", "max_age": "30", "unheard_of": "passed over"}
    status, _, body = await ask("POST", f"{origin}/v1/token", data=form)
    assert (status, body) == (201, {"grant_type": "код и ещё", "max_age": 30})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"max_age=1", 422),
        (b"grant_type=a&max_age=soon", 422),
        (b"", 422),
        (b"grant_type=a&grant_type=b", 400),
        (b"grant_type=%ff", 400),
        (b"\xff=1", 400),
        (b"&".join([b"x=1"] * 101), 400),
        (b"grant_type=" + b"a" * 2_000, 413),
    ],
)
async def test_a_form_of_nonsense_is_refused(origin: str, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await ask("POST", f"{origin}/v1/token", data=body, headers=headers))[0] == status


async def test_json_is_no_form(origin: str) -> None:
    assert (await ask("POST", f"{origin}/v1/token", json={"grant_type": "a"}))[0] == 415


@pytest.mark.parametrize(
    ("form", "code"), [({"grant_type": "a"}, "request.not_found"), ({"max_age": "1"}, "request.invalid")]
)
async def test_a_route_may_answer_errors_in_the_form_of_another_standard(
    origin: str, form: dict[str, str], code: str
) -> None:
    status, _, body = await ask("POST", f"{origin}/v1/odd", data=form)
    assert (status, body) == (400, {"error": code})


async def test_an_answer_sets_each_cookie_by_itself(origin: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{origin}/v1/odd", data={"a": "1"}) as answer,
    ):
        assert answer.headers.getall("Set-Cookie") == ["a=1", "b=2"]


async def test_bytes_come_as_they_are_and_the_answer_has_a_tag_of_its_own(origin: str) -> None:
    first = await ask("PUT", f"{origin}/v1/picture", data=b"\x89PNG\0{")
    again = await ask("PUT", f"{origin}/v1/picture", data=b"\x89PNG\0}")
    other = await ask("PUT", f"{origin}/v1/picture", data=b"\x89PNG")
    assert (first[0], first[2], other[2]) == (200, 6, 4)
    assert first[1]["etag"] == again[1]["etag"] != other[1]["etag"]


@pytest.mark.parametrize(("body", "status"), [(b"", 422), (bytes(1_025), 413)])
async def test_bytes_that_are_missing_or_too_many_are_refused(origin: str, body: bytes, status: int) -> None:
    answer = await ask("PUT", f"{origin}/v1/picture", data=body)
    assert (answer[0], "etag" in answer[1]) == (status, False)
