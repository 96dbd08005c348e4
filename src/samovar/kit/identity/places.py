"""All places of a caller whose token has no room for them: asked of the issuer, and kept for as long as that token counts.

A token is one of `GRANTS_PER_TOKEN_MAX` places and `grants_more`. Whatever changes the places of an account makes its older tokens void, so
what was told for one token stays true for that token.
"""

import hashlib
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.identity.caller import LEEWAY_S, Caller, TokenInvalid, current_caller
from samovar.kit.identity.grants import RoleGrant
from samovar.kit.identity.v1_pb2 import ListPlacesRequest
from samovar.kit.identity.v1_pb2_grpc import PlacesStub
from samovar.kit.rpc.client import Peers

if TYPE_CHECKING:
    from samovar.kit.identity.v1_pb2_grpc import PlacesAsyncStub

ISSUER = "auth"
TIMEOUT_S = 2.0
KEPT_MAX = 1_024


class Places:
    """Asks the issuer, for one process."""

    def __init__(self, peers: Peers, clock: Clock) -> None:
        self._peers = peers
        self._clock = clock
        self._stub: PlacesAsyncStub | None = None
        self._kept: OrderedDict[bytes, Caller] = OrderedDict()

    async def completed(self, caller: Caller) -> Caller:
        """Return the caller with all places that their token stands for.

        Raises:
            Unavailable: The issuer does not answer, so nobody can say where the caller may do what.
        """
        if not caller.grants_more:
            return caller
        token = hashlib.sha256(caller.token.reveal().encode()).digest()
        kept = self._kept.get(token)
        if kept and kept.expires_at + timedelta(seconds=LEEWAY_S) > self._clock.now():
            self._kept.move_to_end(token)
            return kept
        full = msgspec.structs.replace(caller, grants=await self._ask(caller), grants_more=False)
        self._kept[token] = full
        if len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return full

    async def _ask(self, caller: Caller) -> tuple[RoleGrant, ...]:
        if self._stub is None:
            self._stub = PlacesStub(self._peers.channel(ISSUER))
        # The call is made with the token of whoever the context names.
        before = current_caller.set(caller)
        try:
            answer = await self._stub.ListPlaces(ListPlacesRequest(), timeout=TIMEOUT_S)
            return tuple(RoleGrant.parse(text) for text in answer.grants)
        except (Unavailable, DeadlineExceeded) as error:
            raise Unavailable(f"the issuer does not say all places: {error}", retry_after_s=1.0) from error
        except ValueError as error:
            raise TokenInvalid(repr(error)) from error
        finally:
            current_caller.reset(before)
