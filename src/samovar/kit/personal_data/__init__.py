"""Personal data: what a service holds of a person, handed over and forgotten on request.

A table with a column `account_id` needs no word: its rows are exported without secrets, and deleted. What is otherwise is declared:

    personal_data=PersonalData(
        tables=(
            Table("accounts", person=("id",), becomes={"display_name": "Удалённый игрок", "bio": ""}),
            Table("receipts", kept_because="54-ФЗ, article 4.3: five years"),
            Table("reset_requests", person=(), address="login"),
        ),
        impersonal=("signing_keys",),
    )

Every process answers `PersonalData` over gRPC for its services; account drives it over all of them. Beside its tables the kit
forgets a person in its own: events in the outbox and the stream, answers kept for idempotency, dead letters, messages that wait;
and in Redis.
"""

from samovar.kit.personal_data.declaration import PersonalData, Table

__all__ = ["PersonalData", "Table"]
