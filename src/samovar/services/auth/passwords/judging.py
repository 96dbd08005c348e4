"""The judge of new passwords: rules, leaked ones, and the length that a role asks for."""

from collections.abc import Iterable

from samovar.kit.errors import FieldError
from samovar.kit.identity import STAFF_ROLES
from samovar.services.auth.passwords.leaked import LeakedPasswords
from samovar.services.auth.passwords.rules import faults_of

# NIST SP 800-63B-4, section 3.1.1.2: what may be the only factor of somebody with power over others.
STAFF_LENGTH_MIN = 15


class PasswordRules:
    """Says what is wrong with a new password.

    Args:
        leaked: Passwords that are tried first.
        length_min: The least number of characters for everybody.
    """

    def __init__(self, leaked: LeakedPasswords, *, length_min: int) -> None:
        self._leaked = leaked
        self._length_min = length_min

    def fault_of(
        self, password: str, *, own_words: Iterable[str], roles: Iterable[str] = ()
    ) -> FieldError | None:
        """Return what is wrong, if anything.

        Args:
            password: As typed.
            own_words: What an attacker who knows the person tries: login, name.
            roles: What the person may do; staff need a longer one.
        """
        length_min = self._length_min
        if not STAFF_ROLES.isdisjoint(roles):
            length_min = max(length_min, STAFF_LENGTH_MIN)
        fault = faults_of(password, length_min=length_min, own_words=own_words)
        if fault is None and password in self._leaked:
            return FieldError("password", "password_leaked", "leaked somewhere, so it is tried first")
        return fault
