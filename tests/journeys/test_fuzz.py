"""Our own contract, turned against us: whatever fits it, and whatever does not, is never answered with a fault of ours."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error

from samovar.services.gateway.contracts import read_contracts
from samovar.services.gateway.openapi import merge
from samovar.testing.platform import Platform

EXAMPLES_MAX = 15
CONTRACT = merge(read_contracts(), version="0")
CASES = [
    pytest.param(method.upper(), path, mode, id=f"{mode.value} {method} {path}")
    for path, item in CONTRACT["paths"].items()
    for method, operation in item.items()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    # Any text is a valid header, and any text a field of a form; where nothing else can be sent, nothing can be sent wrongly.
    if mode is GenerationMode.POSITIVE
    or "application/json" in operation.get("requestBody", {}).get("content", {})
    or any(one["in"] != "header" for one in operation.get("parameters", ()))
]

Case = schemathesis.Case[Any]
schema = schemathesis.openapi.from_dict(CONTRACT)


@pytest.fixture(scope="module")
async def access_token(platform: Platform) -> str:
    token: str = (await platform.register()).body["access_token"]
    return token


@pytest.mark.parametrize(("method", "path", "mode"), CASES)
def test_nothing_that_is_sent_breaks_a_service(
    platform: Platform, access_token: str, method: str, path: str, mode: GenerationMode
) -> None:
    # The token must outlive the test.
    headers = {} if path.endswith("/logout") else {"Authorization": f"Bearer {access_token}"}

    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES_MAX, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def send(case: Case) -> None:
        response = case.call(base_url=platform.url, headers=headers)
        case.validate_response(response, checks=[not_a_server_error])
        assert response.status_code < 500

    send()
