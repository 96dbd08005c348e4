"""Errors: one tree, stable codes, and the statuses of the public contract."""

import copy
import pickle

import pytest

from samovar.kit import errors
from samovar.kit.errors import FieldError, InvalidInput, SamovarError, Unavailable

# api.md, section 1, and the standard names of gRPC.
CONTRACT = {
    "BadRequest": (400, "INVALID_ARGUMENT", "request.malformed"),
    "Unauthenticated": (401, "UNAUTHENTICATED", "request.unauthenticated"),
    "Forbidden": (403, "PERMISSION_DENIED", "request.forbidden"),
    "NotFound": (404, "NOT_FOUND", "request.not_found"),
    "MethodNotAllowed": (405, "UNIMPLEMENTED", "request.method_not_allowed"),
    "Conflict": (409, "ABORTED", "request.conflict"),
    "PreconditionFailed": (412, "FAILED_PRECONDITION", "request.precondition_failed"),
    "TooLarge": (413, "OUT_OF_RANGE", "request.too_large"),
    "UnsupportedMediaType": (415, "INVALID_ARGUMENT", "request.unsupported_media_type"),
    "InvalidInput": (422, "INVALID_ARGUMENT", "request.invalid"),
    "RateLimited": (429, "RESOURCE_EXHAUSTED", "request.rate_limited"),
    "Internal": (500, "INTERNAL", "internal"),
    "Unavailable": (503, "UNAVAILABLE", "service.unavailable"),
    "DeadlineExceeded": (504, "DEADLINE_EXCEEDED", "request.deadline_exceeded"),
}


def test_the_tree_is_the_contract_and_its_drawing() -> None:
    found = {
        name: (kind.http_status, kind.grpc_status, kind.code)
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, SamovarError) and kind is not SamovarError
    }
    assert found == CONTRACT
    drawing = errors.__doc__ or ""
    assert all(f" {name} " in drawing and str(status) in drawing for name, (status, _, _) in found.items())


def test_an_error_says_what_the_log_needs_and_keeps_what_people_need() -> None:
    fault = FieldError("items[0].package_id", "unknown", "no such package")
    error = InvalidInput("the cart names a package that is not sold", fields=[fault], limit=5)
    assert str(error) == "the cart names a package that is not sold"
    assert (error.fields, error.params, error.retry_after_s) == ((fault,), {"limit": 5}, None)
    assert str(InvalidInput()) == "request.invalid"


def test_what_is_away_may_be_tried_again() -> None:
    assert Unavailable().retry_after_s == errors.DEFAULT_RETRY_AFTER_S
    assert Unavailable(retry_after_s=None).retry_after_s is None


def test_a_service_gives_its_own_errors_a_code_and_inherits_the_rest() -> None:
    class OutOfStock(errors.Conflict):
        code = "shop.out_of_stock"

    error = OutOfStock(title="Tea")
    assert (error.code, error.http_status, error.params) == ("shop.out_of_stock", 409, {"title": "Tea"})
    with pytest.raises(errors.Conflict):
        raise error


@pytest.mark.parametrize("again", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_survives_copying(again: object) -> None:
    error = Unavailable("the database is away", retry_after_s=7, part="database")
    found = again(error)  # type: ignore[operator]
    assert (str(found), found.retry_after_s, found.params) == (str(error), 7, {"part": "database"})
