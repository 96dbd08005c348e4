"""The key pairs that sign access tokens, and the signing.

Private keys rest in the database, encrypted with a key from the settings. Every process holds all of them in memory,
also the next one, long before it signs: so that a rotation needs nobody to be told in time.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from samovar.kit.identity import AUDIENCE, GRANTS_PER_TOKEN_MAX, TOKEN_BYTES_MAX, TOKEN_TYPE
from samovar.kit.settings import SettingsError
from samovar.services.auth.domain import Proof, issue_time
from samovar.services.auth.repository import StoredKey
from samovar.services.auth.schemas import PublicKey, PublicKeys
from samovar.services.auth.tokens.sealing import SealBroken, Sealer


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What an access token says.

    Attributes:
        grants: Where the role `developer` holds, in the form and order of the claim.
        tokens_not_before: Older tokens of the account do not count.
    """

    account_id: UUID
    session_id: UUID
    roles: tuple[str, ...]
    grants: tuple[str, ...] = ()
    scope: str
    amr: tuple[str, ...]
    acr: str
    authenticated_at: datetime
    tokens_not_before: datetime | None

    def proved_by(self, proof: Proof) -> "Grant":
        """Return the same, after a later proof of who the person is."""
        return msgspec.structs.replace(self, amr=proof.amr, acr=proof.acr, authenticated_at=proof.proved_at)


def make_key(sealer: Sealer, *, signs_from: datetime, now: datetime) -> StoredKey:
    """Make a key pair, named by its thumbprint (RFC 7638)."""
    key = ECKey.generate_key("P-256")
    kid = key.thumbprint()
    public = key.as_dict(private=False)
    return StoredKey(
        kid=kid,
        public_jwk=PublicKey(kid=kid, x=str(public["x"]), y=str(public["y"])),
        private_key_sealed=sealer.seal(key.as_der(private=True), kid),
        signs_from=signs_from,
        created_at=now,
    )


class Signer:
    """Signs access tokens with the key whose time it is. `hold` gives it the keys."""

    def __init__(self, sealer: Sealer, *, issuer: str, ttl_s: int) -> None:
        self._sealer = sealer
        self._issuer = issuer
        self.ttl_s = ttl_s
        self._keys: list[tuple[datetime, str, ECKey]] = []
        self._published = PublicKeys(())

    @property
    def public_keys(self) -> PublicKeys:
        """The keys to publish: the next one, the one that signs, those that signed."""
        return self._published

    def hold(self, stored: Sequence[StoredKey]) -> None:
        """Take over the keys.

        Raises:
            SettingsError: They were encrypted with another secret.
        """
        known = {kid: key for _, kid, key in self._keys}
        self._keys = [
            (one.signs_from, one.kid, known.get(one.kid) or self._open(one))
            for one in sorted(stored, key=lambda key: key.signs_from)
        ]
        self._published = PublicKeys(tuple(one.public_jwk for one in stored))

    def sign(self, grant: Grant, *, token_id: UUID, now: datetime, ttl_s: int | None = None) -> str:
        """Return an access token (RFC 9068) that lives from `now` on, as long as all do unless `ttl_s` says otherwise."""
        issued_at = issue_time(now, grant.tokens_not_before)
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": str(grant.account_id),
            "client_id": AUDIENCE,
            "sid": str(grant.session_id),
            "jti": str(token_id),
            "iat": issued_at,
            "exp": issued_at + (self.ttl_s if ttl_s is None else ttl_s),
            "auth_time": int(grant.authenticated_at.timestamp()),
            "roles": list(grant.roles),
            "scope": grant.scope,
            "amr": list(grant.amr),
            "acr": grant.acr,
        }
        if grant.grants:
            claims["grants"] = list(grant.grants[:GRANTS_PER_TOKEN_MAX])
        if len(grant.grants) > GRANTS_PER_TOKEN_MAX:
            claims["grants_more"] = True
        return self.sign_claims(claims, token_type=TOKEN_TYPE, now=now)

    def sign_claims(self, claims: dict[str, Any], *, token_type: str, now: datetime) -> str:
        """Return any JWT of ours. Its type keeps it from being taken for one of another use (RFC 8725, section 3.11)."""
        kid, key = next((kid, key) for signs_from, kid, key in reversed(self._keys) if signs_from <= now)
        return jwt.encode({"alg": "ES256", "typ": token_type, "kid": kid}, claims, key)

    def read_claims(self, token: str, *, token_type: str) -> dict[str, Any] | None:
        """Return the claims of a JWT that we signed with a key we still publish, expired or not; none for any other text."""
        if len(token) > TOKEN_BYTES_MAX or not token.isascii():
            return None
        try:
            header = jws.extract_compact(token.encode()).protected
            key = next(key for _, kid, key in self._keys if kid == header.get("kid"))
            read = jwt.decode(token, key, algorithms=["ES256"])
        except (JoseError, ValueError, StopIteration):
            return None
        is_ours = read.header.get("typ") == token_type and read.claims.get("iss") == self._issuer
        return dict(read.claims) if is_ours else None

    def _open(self, stored: StoredKey) -> ECKey:
        try:
            return ECKey.import_key(self._sealer.open(stored.private_key_sealed, stored.kid))
        except SealBroken:
            raise SettingsError(
                "SAMOVAR_AUTH__TOKEN_SECRET is not the one with which the signing keys were encrypted"
            ) from None
