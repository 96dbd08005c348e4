"""What developer says of the personal data in its tables."""

from samovar.kit.personal_data import PersonalData, Table

_WHO = "who did what in the name of an organisation"

HOLDINGS = PersonalData(
    tables=(
        # Ids alone: whoever is erased is nobody there.
        Table(
            name="organisations", person=("founder_id",), kept_because="the organisation outlives its founder"
        ),
        Table(name="organisation_versions", person=("actor_id",), kept_because=_WHO),
        Table(name="legal_claims", person=("claimed_by", "decided_by"), kept_because=_WHO),
        Table(name="submissions", person=("account_id", "decided_by"), kept_because=_WHO),
    ),
)
