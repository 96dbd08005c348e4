"""Proofs and hashes: the vectors of the standards, and texts that only look like them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.settings import Secret
from samovar.services.auth.clients.domain import SCOPES
from samovar.services.auth.grants.domain import at_hash, is_challenge, proves
from samovar.services.auth.grants.tokens import ClientTokens, GrantTokens

NOW = datetime(2026, 11, 27, tzinfo=UTC)
# RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_vector_of_the_standard_fits() -> None:
    assert is_challenge(CHALLENGE)
    assert proves(VERIFIER, CHALLENGE)


@pytest.mark.parametrize(
    ("verifier", "challenge"),
    [
        (VERIFIER, None),
        (None, CHALLENGE),
        ("", CHALLENGE),
        (CHALLENGE, CHALLENGE),
        (VERIFIER + "A", CHALLENGE),
        (VERIFIER[:-1], CHALLENGE),
        (VERIFIER + " ", CHALLENGE),
        ("ы" * 43, CHALLENGE),
        ("a" * 129, CHALLENGE),
    ],
)
def test_what_does_not_fit_proves_nothing(verifier: str | None, challenge: str | None) -> None:
    assert not proves(verifier, challenge)


def test_without_a_challenge_there_is_no_verifier() -> None:
    assert proves(None, None)


@pytest.mark.parametrize(
    "text", ["", "short", CHALLENGE + "=", CHALLENGE + "A", CHALLENGE[:-1] + "+", "ы" * 43]
)
def test_what_is_no_challenge(text: str) -> None:
    assert not is_challenge(text)


def test_an_id_token_is_tied_to_its_access_token() -> None:
    # A pair that other libraries test with; they are the judges in `test_relying_parties`.
    token = "YmJiZTAwYmYtMzgyOC00NzhkLTkyOTItNjJjNDM3MGYzOWIy9sFhvH8K_x8UIHj1osisS57f5DduL"
    assert at_hash(token) == "xsZZrUssMXjL3FBlzoSh2g"


@given(st.sets(st.sampled_from(SCOPES)), st.uuids())
def test_a_token_says_what_it_was_made_for(scopes: set[str], grant_id: UUID) -> None:
    tokens = GrantTokens(Secret("s" * 32), ttl_s=600)
    said = tokens.read(tokens.make(grant_id, scopes, NOW), NOW)
    assert said is not None
    assert (said.grant_id, set(said.scope)) == (grant_id, scopes)


def test_a_token_ends_and_counts_with_its_own_secret_alone() -> None:
    tokens, others = ClientTokens(Secret("s" * 32), ttl_s=600), ClientTokens(Secret("t" * 32), ttl_s=600)
    made = tokens.make("client-1", NOW)
    read = tokens.read(made, NOW)
    assert read is not None
    assert read[0] == "client-1"
    assert others.read(made, NOW) is None
    assert tokens.read(made, NOW.replace(minute=10)) is None
    for nonsense in ("", "smvc_", made[:-3] + "AAA", made.replace("smvc_", "smva_"), "smvc_" + "A" * 40):
        assert tokens.read(nonsense, NOW) is None
