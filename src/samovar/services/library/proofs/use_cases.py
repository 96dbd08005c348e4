"""Giving proofs of licences."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.ids import IdSource
from samovar.services.library.errors import GameNotFound, NotOut
from samovar.services.library.family import lending
from samovar.services.library.licences import owning
from samovar.services.library.play.domain import SILENT_AFTER_S
from samovar.services.library.play.errors import SharedGameInUse
from samovar.services.library.proofs.schemas import LicenceProof, ProofKeys, ProofOrder
from samovar.services.library.proofs.signing import LIVES_FOR, ProofSigner


class LicenceProofs:
    """Proofs for games' servers."""

    def __init__(self, database: Database, *, signer: ProofSigner, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._signer = signer
        self._clock = clock
        self._new_id = new_id
        self.keys = ProofKeys(signer.public_keys)

    async def give(
        self, account_id: UUID, app_id: UUID, order: ProofOrder, *, must_wait: bool = False
    ) -> LicenceProof:
        """Sign that an account may play a game at this moment.

        Args:
            account_id: Who plays.
            app_id: What.
            order: What the proof is to say besides.
            must_wait: The game is not out, and the account not one of its developers: only what an operator has given is opened.

        Raises:
            GameNotFound: No licence opens it.
            NotOut: It is not out yet.
            SharedGameInUse: It is the family's, and as many play it as own it.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            right = "own" if await owning.opened(tx, account_id, [app_id], now) else "family"
            if right == "family":
                answer = await lending.ask(tx, account_id, app_id, now=now, silent_after_s=SILENT_AFTER_S)
                if answer == "nobody_has_it":
                    raise GameNotFound(f"{app_id}")
                if answer == "in_use":
                    raise SharedGameInUse(f"{app_id}")
            if must_wait and not await owning.opened_early(tx, account_id, app_id, now):
                raise NotOut(f"{app_id}")
        proof = self._signer.sign(
            proof_id=self._new_id(),
            app_id=app_id,
            account_id=account_id,
            device_id=order.device_id,
            right=right,
            nonce=order.nonce,
            now=now,
        )
        return LicenceProof(
            proof=proof,
            subject=self._signer.subject_of(app_id, account_id),
            game_id=app_id,
            expires_at=now.replace(microsecond=0) + LIVES_FOR,
        )
