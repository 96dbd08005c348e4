"""The examples of the standards, through the libraries that every token passes."""

import json

import pytest
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

# RFC 7515, appendix A.3: a JWS that uses ECDSA P-256 SHA-256. Its payload is the example claims set of RFC 7519, section 3.1.
KEY: dict[str, str | list[str]] = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
PAYLOAD = b'{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}'
TOKEN = (
    "eyJhbGciOiJFUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)
# RFC 7519, section 6.1: an unsecured JWT.
UNSECURED = (
    "eyJhbGciOiJub25lIn0"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
)


@pytest.fixture
def key() -> ECKey:
    return ECKey.import_key(KEY)


def test_the_signature_of_rfc_7515_a3_is_right(key: ECKey) -> None:
    assert jws.deserialize_compact(TOKEN, key, algorithms=["ES256"]).payload == PAYLOAD


def test_the_claims_of_rfc_7519_are_read(key: ECKey) -> None:
    claims = jwt.decode(TOKEN, key, algorithms=["ES256"]).claims
    assert claims == json.loads(PAYLOAD)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_same_example_changed_anywhere_is_refused(key: ECKey, place: int) -> None:
    parts = TOKEN.split(".")
    middle = len(parts[place]) // 2
    other = "A" if parts[place][middle] != "A" else "B"
    parts[place] = parts[place][:middle] + other + parts[place][middle + 1 :]
    with pytest.raises((JoseError, ValueError)):
        jws.deserialize_compact(".".join(parts), key, algorithms=["ES256"])


def test_the_unsecured_example_of_rfc_7519_is_refused(key: ECKey) -> None:
    with pytest.raises(JoseError):
        jws.deserialize_compact(UNSECURED, key, algorithms=["ES256"])
