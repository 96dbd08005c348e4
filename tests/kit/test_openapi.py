# ruff: noqa: ARG001 - these handlers are declared, never called
"""The contract of a service, made from its routes alone."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.errors import Conflict, NotFound
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page
from samovar.kit.rest.answers import AnswerOf
from samovar.kit.rest.openapi import document, speak_ecma
from samovar.kit.rest.parameters import QueryFields, header
from samovar.kit.routes import RateLimit, delete, get, patch, post, put


class SoldOut(Conflict):
    """There is none left."""

    code = "shop.sold_out"


class NewOrder(msgspec.Struct, forbid_unknown_fields=True):
    """What is wanted."""

    count: Annotated[int, msgspec.Meta(ge=1, le=10, description="How many.")]


class Order(msgspec.Struct):
    id: UUID
    count: int


class Filters(QueryFields, frozen=True, kw_only=True):
    """Which orders."""

    year: Annotated[int, msgspec.Meta(ge=2000)]
    state: tuple[str, ...] = ()


@get("/v1/orders/found", auth="player")
async def find_orders(filters: Filters) -> AnswerOf[Page[Order]]:
    """Find orders."""
    raise AssertionError


@get("/v1/orders", auth="player")
async def list_orders(caller: Caller, database: Database, limit: int = 24) -> Page[Order]:
    """List orders.

    Newest first.
    """
    raise AssertionError


@post("/v1/orders", auth="player", idempotency_key=True, rate_limit=RateLimit(5), raises=(SoldOut,))
async def place_order(data: NewOrder, caller: Caller, once: Once) -> Order:
    """Place an order."""
    raise AssertionError


@patch("/v1/orders/{order_id:uuid}", auth="staff", permissions=("shop.order.edit",))
async def edit_order(order_id: UUID, data: NewOrder, version: Annotated[str, header("If-Match")]) -> Order:
    """Edit an order."""
    raise AssertionError


@delete("/v1/orders/{order_id:uuid}", auth="public", raises=(NotFound,))
async def forget_order(order_id: UUID) -> None:
    """Forget an order."""
    raise AssertionError


class Refusal(msgspec.Struct):
    reason: str


@post("/v1/offers", auth="public", body="form")
async def make_offer(data: NewOrder) -> Order | Refusal:
    """Make an offer."""
    raise AssertionError


@put("/v1/picture", auth="public", body="bytes", etag=True)
async def show_picture(data: bytes) -> Order:
    """Show a picture."""
    raise AssertionError


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    return document(
        name="shop",
        summary="Sells",
        version="1",
        routes=(list_orders, find_orders, place_order, edit_order, forget_order, make_offer, show_picture),
        service={"permissions": {"shop.order.edit": ["support"]}},
    )


def test_a_schema_is_what_the_decoder_enforces(contract: dict[str, Any]) -> None:
    schema = contract["components"]["schemas"]["NewOrder"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["count"]
    assert schema["properties"]["count"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 10,
        "description": "How many.",
    }


def test_a_pattern_ends_where_the_text_ends_in_both_languages() -> None:
    schema: dict[str, Any] = {
        "anyOf": [{"pattern": r"^[a-z]+\Z", "type": "string"}],
        "example": {"pattern": "a"},
    }
    speak_ecma(schema)
    assert schema == {"anyOf": [{"pattern": "^[a-z]+$", "type": "string"}], "example": {"pattern": "a"}}


def test_an_operation_says_where_each_parameter_comes_from(contract: dict[str, Any]) -> None:
    parameters = contract["paths"]["/v1/orders/{order_id}"]["patch"]["parameters"]
    assert [(one["name"], one["in"], one["required"]) for one in parameters] == [
        ("order_id", "path", True),
        ("If-Match", "header", True),
    ]
    (limit,) = contract["paths"]["/v1/orders"]["get"]["parameters"]
    assert (limit["in"], limit["required"], limit["schema"]["default"]) == ("query", False, 24)
    fields = contract["paths"]["/v1/orders/found"]["get"]["parameters"]
    assert [(one["name"], one["in"], one["required"]) for one in fields] == [
        ("year", "query", True),
        ("state", "query", False),
    ]
    assert fields[0]["schema"] == {"minimum": 2000, "type": "integer"}


def test_two_parameters_of_one_name_are_refused() -> None:
    @get("/v1/orders/doubled", auth="public")
    async def ask_twice(filters: Filters, year: int) -> None:
        """Ask for the year twice."""

    with pytest.raises(TypeError, match="two parameters of one name"):
        document(name="shop", summary="Sells", version="1", routes=(ask_twice,), service={})


def test_an_answer_with_headers_of_its_own_has_its_shape(contract: dict[str, Any]) -> None:
    shown, listed = [
        contract["paths"][path]["get"]["responses"]["200"]["content"]
        for path in ("/v1/orders/found", "/v1/orders")
    ]
    assert shown == listed


def test_what_the_service_provides_is_nobody_elses_business(contract: dict[str, Any]) -> None:
    assert "database" not in str(contract["paths"])
    assert "caller" not in str(contract["paths"])


def test_the_answers_name_every_error_by_its_code(contract: dict[str, Any]) -> None:
    answers = contract["paths"]["/v1/orders"]["post"]["responses"]
    assert {"201", "400", "401", "403", "409", "413", "415", "422", "429", "503", "504"} == set(answers)
    assert answers["409"]["description"] == "idempotency.in_flight, idempotency.mismatch, shop.sold_out"
    assert set(answers["409"]["content"]) == {"application/problem+json"}


def test_a_keyed_route_asks_for_its_key(contract: dict[str, Any]) -> None:
    (key,) = contract["paths"]["/v1/orders"]["post"]["parameters"]
    assert (key["name"], key["required"], key["schema"]["maxLength"]) == ("Idempotency-Key", True, 255)


def test_an_empty_answer_has_no_body(contract: dict[str, Any]) -> None:
    answers = contract["paths"]["/v1/orders/{order_id}"]["delete"]["responses"]
    assert answers["204"] == {"description": "No Content"}


def test_the_policy_goes_out_for_the_gateway(contract: dict[str, Any]) -> None:
    policy = contract["paths"]["/v1/orders/{order_id}"]["patch"]["x-samovar"]
    assert (policy["auth"], policy["permissions"], policy["idempotent"]) == (
        "staff",
        ("shop.order.edit",),
        False,
    )
    assert contract["x-samovar-service"]["permissions"] == {"shop.order.edit": ["support"]}


def test_words_come_from_the_docstring(contract: dict[str, Any]) -> None:
    operation = contract["paths"]["/v1/orders"]["get"]
    assert (operation["summary"], operation["description"]) == ("List orders", "Newest first.")


def test_an_answer_may_have_one_of_two_shapes(contract: dict[str, Any]) -> None:
    answer = contract["paths"]["/v1/offers"]["post"]["responses"]["201"]["content"]["application/json"]
    assert answer["schema"] == {
        "oneOf": [{"$ref": "#/components/schemas/Order"}, {"$ref": "#/components/schemas/Refusal"}]
    }


def test_a_form_is_said_to_be_one(contract: dict[str, Any]) -> None:
    body = contract["paths"]["/v1/offers"]["post"]["requestBody"]["content"]
    assert set(body) == {"application/x-www-form-urlencoded"}


def test_bytes_are_any_bytes_and_a_tag_is_told_of(contract: dict[str, Any]) -> None:
    operation = contract["paths"]["/v1/picture"]["put"]
    assert operation["requestBody"]["content"] == {"application/octet-stream": {"schema": {}}}
    assert "ETag" in operation["responses"]["200"]["headers"]
