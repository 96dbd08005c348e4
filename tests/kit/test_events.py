"""What an event is: its subject, its shape over the years, who listens to it."""

from types import ModuleType, new_class
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.events import Aggregate, Consumer, Event, consumers_in, consumes
from samovar.kit.injection import MissingDependency

# What the first release wrote. It stands here for ever: every later release must read it.
OLD_SAMPLE = b'{"account_id":"01938c5e-8f5a-7c3e-9d0b-3f6a1c2e4d5f"}'
# A later release than this one may add fields.
NEW_SAMPLE = (
    b'{"account_id":"01938c5e-8f5a-7c3e-9d0b-3f6a1c2e4d5f","locale":"en","referrer":{"kind":"friend"}}'
)


class AccountRegistered(Event, frozen=True, kw_only=True, subject="auth.v1.account_registered"):
    """A person has made an account."""

    account_id: UUID
    locale: str = "ru"  # Added by the second release.


@consumes(AccountRegistered)
async def greet(event: AccountRegistered, mailbox: str) -> str:
    return f"{mailbox}: {event.locale}"


@consumes(AccountRegistered, mode="broadcast")
async def count(event: AccountRegistered) -> None:
    """Need nothing."""


def test_the_full_subject_and_the_publisher_come_from_the_class() -> None:
    assert AccountRegistered.subject == "samovar.auth.v1.account_registered"
    assert AccountRegistered.publisher() == "auth"


def test_a_sample_of_the_first_release_still_decodes() -> None:
    event = msgspec.json.decode(OLD_SAMPLE, type=AccountRegistered)
    assert event == AccountRegistered(account_id=UUID("01938c5e-8f5a-7c3e-9d0b-3f6a1c2e4d5f"), locale="ru")


def test_fields_that_a_later_release_added_are_ignored() -> None:
    assert msgspec.json.decode(NEW_SAMPLE, type=AccountRegistered).locale == "en"


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "account_registered",
        "auth.account_registered",
        "auth.v0.x",
        "auth.v1.",
        "Auth.v1.x",
        "auth.v1.a.b",
        "a.v1.>",
    ],
)
def test_a_subject_that_names_no_service_version_and_event_is_refused(subject: str) -> None:
    with pytest.raises(ValueError, match="the subject must read"):
        new_class("Strange", (Event,), {"subject": subject})


def test_an_event_without_a_subject_is_refused() -> None:
    with pytest.raises(ValueError, match="the subject must read"):

        class Nameless(Event, frozen=True, kw_only=True):
            pass


def test_an_event_says_what_it_is_about_only_where_order_matters() -> None:
    assert AccountRegistered(account_id=UUID(int=1)).aggregate() is None
    assert Aggregate("game", 3) == Aggregate(key="game", version=3)


@given(st.uuids(), st.text(max_size=40))
def test_an_event_reads_back_as_it_was_written(account_id: UUID, locale: str) -> None:
    event = AccountRegistered(account_id=account_id, locale=locale)
    assert msgspec.json.decode(msgspec.json.encode(event), type=AccountRegistered) == event


def test_a_consumer_is_named_after_its_handler() -> None:
    assert (greet.name, greet.event, greet.mode) == ("greet", AccountRegistered, "queue")


async def test_a_consumer_gets_what_it_asks_for() -> None:
    handle = greet.bind({"mailbox": "post"})
    event = AccountRegistered(account_id=UUID(int=1))
    assert await handle(event=event, delivery=None, tx=None) == "post: ru"


def test_a_consumer_that_asks_for_what_nobody_provides_is_refused_at_start() -> None:
    with pytest.raises(MissingDependency, match=r"greet asks for 'mailbox'"):
        greet.bind({})


def test_a_broadcast_has_no_transaction_to_give() -> None:
    async def wants_tx(event: Event, tx: object) -> None:
        """Ask for what there is not."""

    consumer = Consumer(name="wants_tx", event=AccountRegistered, mode="broadcast", handler=wants_tx)
    with pytest.raises(MissingDependency, match="'tx'"):
        consumer.bind({})


def test_the_consumers_of_a_module_are_found_in_their_order() -> None:
    module = ModuleType("consumers")
    module.__dict__.update({"greet": greet, "helper": len, "count": count})
    assert consumers_in(module) == (greet, count)
