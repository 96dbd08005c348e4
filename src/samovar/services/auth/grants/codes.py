"""Authorization codes: given to a browser, redeemed once by the client (RFC 6749, section 4.1)."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.domain import Proof
from samovar.services.auth.grants import repository
from samovar.services.auth.grants.domain import CODE_LIVES_FOR
from samovar.services.auth.grants.repository import Code
from samovar.services.auth.tokens.opaque import wrap

CODE_BYTES = 32
# A code that comes back within this time takes back what it gave.
KEPT_FOR = timedelta(days=1)
PREFIX = "smvz_"


def hash_of(code: str) -> bytes:
    """Return what is kept of a code."""
    return hashlib.sha256(code.encode()).digest()


async def give(
    tx: Transaction,
    *,
    client_id: str,
    account_id: UUID,
    parent_id: UUID,
    redirect_uri: str,
    scope: str,
    nonce: str | None,
    code_challenge: str | None,
    proof: Proof,
    random_bytes: Callable[[int], bytes],
    now: datetime,
) -> str:
    """Keep what a person agreed to, and return the code for it."""
    code = wrap(PREFIX, random_bytes(CODE_BYTES))
    await repository.insert_code(
        tx,
        Code(
            code_hash=hash_of(code),
            client_id=client_id,
            account_id=account_id,
            parent_id=parent_id,
            redirect_uri=redirect_uri,
            scope=scope,
            nonce=nonce,
            code_challenge=code_challenge,
            amr=proof.amr,
            acr=proof.acr,
            authenticated_at=proof.proved_at,
            expires_at=now + CODE_LIVES_FOR,
        ),
    )
    return code
