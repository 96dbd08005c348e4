"""Who may pass: the policy of a route held against the caller's token.

The gateway checks the same at the edge; services check again, because the gateway is not the last line.
"""

from samovar.kit.clock import Clock
from samovar.kit.errors import Forbidden, Unauthenticated
from samovar.kit.identity import BY_API_KEY, FULL_SCOPE, Caller, Permissions, StepUpRequired, reaches
from samovar.kit.identity.places import Places
from samovar.kit.identity.verifier import Verifier
from samovar.kit.routes import Policy, StepUp

_SCHEME = "bearer "
# What NIST SP 800-63B asks of AAL2: a working day, then once more.
STAFF_PROOF = StepUp(max_age_s=43_200, acr="aal2")


class Gatekeeper:
    """Admits callers to the routes of one service.

    Args:
        staff_proves_twice: Routes for staff open only to who has given two factors lately; see `STAFF_PROOF`.
        places: Knows the places for which a token has no room; without it the token alone counts.
    """

    def __init__(
        self,
        verifier: Verifier,
        permissions: Permissions,
        clock: Clock,
        *,
        staff_proves_twice: bool = False,
        places: Places | None = None,
    ) -> None:
        self._verifier = verifier
        self._permissions = permissions
        self._clock = clock
        self._staff_proves_twice = staff_proves_twice
        self._places = places

    async def admit(self, authorization: str | None, policy: Policy, *, asks_caller: bool) -> Caller | None:
        """Return the caller, or None where the route is open and nobody signed in.

        Args:
            authorization: The header as sent.
            policy: What the route asks for.
            asks_caller: The handler of an open route wants to know who calls; otherwise a token there is not even looked at.

        Raises:
            Unauthenticated: A token is needed and missing, or it is not valid.
            StepUpRequired: The caller proved who they are too long ago, or not surely enough.
            Forbidden: The caller is of the wrong kind or lacks a permission.
            Unavailable: The token has no room for all places of the caller, and its issuer does not answer.
        """
        open_to_all = policy.auth in {"public", "provider"}
        if open_to_all and not (asks_caller and authorization):
            return None
        if not authorization or not authorization[: len(_SCHEME)].lower() == _SCHEME:
            raise Unauthenticated("no bearer token")
        caller = await self._verifier.verify(authorization[len(_SCHEME) :].strip())
        if not reaches(caller, policy.auth):
            raise Forbidden(f"the route is for {policy.auth}")
        if caller.scope != FULL_SCOPE and not (policy.permissions or open_to_all):
            # Whoever narrowed the token to some permissions did not mean all that asks for none.
            raise Forbidden(f"the token is narrowed to {caller.scope!r}")
        for permission in policy.permissions:
            if not self._permissions.allows(caller, permission):
                raise Forbidden(f"{permission} is missing")
        if policy.auth == "staff" and self._staff_proves_twice:
            self._refuse_stale(caller, STAFF_PROOF)
        if policy.step_up:
            self._refuse_stale(caller, policy.step_up)
        if policy.permissions and caller.grants_more and self._places:
            # Only what asks for a permission asks where it holds.
            return await self._places.completed(caller)
        return caller

    def _refuse_stale(self, caller: Caller, wanted: StepUp) -> None:
        age = self._clock.now() - caller.auth_time
        # `aal1` and `aal2` (NIST SP 800-63B) stand in this order.
        stale = age.total_seconds() > wanted.max_age_s or caller.acr < wanted.acr
        # Behind an API key stands no person who could have proved anything, however fresh its token is.
        if stale or BY_API_KEY in caller.amr:
            raise StepUpRequired(max_age_s=wanted.max_age_s, acr=wanted.acr)
