"""What was promised is handed over, once where nothing dies, and forgotten then."""

import asyncio

import pytest
import structlog

from samovar.kit import metrics
from samovar.kit.messages import Call, Mail, Sms, sender
from samovar.kit.messages.channels import ways_of
from samovar.kit.messages.sender import KEPT_DAYS
from samovar.kit.settings import SettingsError
from tests.kit.messages.conftest import Post, platform_with, some_phone, somebody


async def test_a_mail_leaves_and_what_it_said_is_forgotten(post: Post) -> None:
    to = somebody()
    async with post.sending():
        message_id = await post.promise(Mail(to=to, subject="Код", text="Ваш код: 271828"))
        received = await post.messages.last(to=to)
        row = await post.until(message_id, lambda row: row.state == "sent")
    assert (received.code, row.attempts, row.message) == ("271828", 1, None)


async def test_a_message_leaves_without_waiting_for_the_poll(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "POLL_S", 3_600.0)
    phone = some_phone()
    async with post.sending():
        for number in range(3):
            await post.promise(Sms(to=phone, text=f"Код 10000{number}"))
            assert (await post.messages.last(to=phone, number=number + 1)).code == f"10000{number}"


async def test_what_another_process_left_behind_is_found_by_polling(post: Post) -> None:
    to = somebody()
    async with post.sending():
        other = Post(post.database, post.messages)
        await other.promise(Mail(to=to, subject="x", text="x"))
        assert await post.messages.last(to=to)


async def test_processes_side_by_side_send_each_message_once(post: Post) -> None:
    people = [somebody() for _ in range(30)]
    async with post.sending(), post.sending(), post.sending():
        for to in people:
            await post.promise(Mail(to=to, subject="x", text="x"))
        for to in people:
            await post.messages.last(to=to)
    assert [len(await post.messages.all(to=to)) for to in people] == [1] * len(people)


async def test_what_the_server_takes_later_is_tried_again_after_a_growing_pause(post: Post) -> None:
    to = somebody()
    await post.messages.fault("mail", "busy", times=2)
    message_id = await post.promise(Mail(to=to, subject="x", text="x"))
    worker = post.sender()
    pauses = []
    for _ in range(2):
        await worker.send_batch("mail")
        pauses.append(
            await post.database.fetch_value(
                "SELECT extract(epoch FROM next_attempt_at - now())::float8 FROM kit.outgoing_messages"
            )
        )
        assert await worker.send_batch("mail") == 0
        await post.hurry()
    await worker.send_batch("mail")
    assert (await post.row(message_id)).attempts == 3
    assert 1 < pauses[0] < 3 < pauses[1] < 7
    assert len(await post.messages.all(to=to)) == 1


async def test_what_the_server_will_never_take_is_given_up_at_once(post: Post) -> None:
    await post.messages.fault("mail", "refuse")
    message_id = await post.promise(Mail(to=somebody(), subject="x", text="x"))
    await post.sender().send_batch("mail")
    row = await post.row(message_id)
    assert (row.state, row.message, row.last_error) == ("refused", None, "SMTP 550")


async def test_what_has_expired_is_not_sent_and_is_forgotten(post: Post) -> None:
    phone = some_phone()
    message_id = await post.promise(Sms(to=phone, text="Код 123456"), valid_s=-1)
    assert await post.sender().send_batch("phone") == 0
    row = await post.row(message_id)
    assert (row.state, row.message) == ("expired", None)
    assert await post.messages.all(to=phone) == []


async def test_a_pause_ends_when_the_message_expires(post: Post) -> None:
    await post.messages.fault("phone", "busy")
    message_id = await post.promise(Sms(to=some_phone(), text="Код 123456"), valid_s=1.5)
    async with post.sending():
        row = await post.until(message_id, lambda row: row.state != "waiting")
    assert row.state == "expired"


async def test_a_mail_server_that_hangs_holds_up_no_text_message(post: Post) -> None:
    to, phone = somebody(), some_phone()
    await post.messages.fault("mail", "slow", delay_s=2)
    async with post.sending():
        slow = await post.promise(Mail(to=to, subject="x", text="x"))
        await post.messages.last(to=to)
        await post.promise(Sms(to=phone, text="Код 123456"))
        await post.messages.last(to=phone)
        assert (await post.row(slow)).state == "waiting"


async def test_a_process_that_stops_notes_what_it_is_handing_over(post: Post) -> None:
    to = somebody()
    await post.messages.fault("mail", "slow", delay_s=0.5)
    async with post.sending():
        message_id = await post.promise(Mail(to=to, subject="x", text="x"))
        await post.messages.last(to=to)
    assert (await post.row(message_id)).state == "sent"


async def test_a_lost_answer_of_the_gateway_sends_nothing_twice(post: Post) -> None:
    """The gateway knows the repetition by its id."""
    phone = some_phone()
    await post.messages.fault("phone", "lost_answer")
    message_id = await post.promise(Call(to=phone, code="1234"))
    await post.sender().send_batch("phone")
    assert (await post.row(message_id)).state == "waiting"
    await post.hurry()
    await post.sender().send_batch("phone")
    assert (await post.row(message_id)).state == "sent"
    assert [one.code for one in await post.messages.all(to=phone)] == ["1234"]


async def test_a_lost_answer_of_the_mail_server_repeats_the_message_id(post: Post) -> None:
    to = somebody()
    await post.messages.fault("mail", "lost_answer")
    await post.promise(Mail(to=to, subject="x", text="x"))
    await post.sender().send_batch("mail")
    await post.hurry()
    await post.sender().send_batch("mail")
    ids = [one.id for one in await post.messages.all(to=to)]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_the_log_names_ids_and_no_address_text_or_code(post: Post) -> None:
    to, phone = somebody(), some_phone()
    await post.messages.fault("mail", "refuse")
    with structlog.testing.capture_logs() as lines:
        mail = await post.promise(Mail(to=to, subject="Тайна", text="Код 161803"))
        await post.promise(Sms(to=phone, text="Код 161803"))
        worker = post.sender()
        await asyncio.gather(worker.send_batch("mail"), worker.send_batch("phone"))
    said = str(lines)
    assert str(mail) in said
    assert not any(secret in said for secret in (to, phone, "161803", "Тайна"))


async def test_what_waits_and_what_was_sent_is_measured(post: Post) -> None:
    sent = metrics.MESSAGES.labels("test", "phone", "sent")._value
    waiting = metrics.MESSAGES_WAITING.labels("test", "phone")._value
    before, worker = sent.get(), post.sender()
    await post.promise(Sms(to=some_phone(), text="Код 123456"))
    await worker._measure()
    assert waiting.get() == 1
    await worker.send_batch("phone")
    await worker._measure()
    assert (waiting.get(), sent.get() - before) == (0, 1)


async def test_rows_of_long_ago_are_deleted(post: Post) -> None:
    old, young = [await post.promise(Sms(to=some_phone(), text="Код 123456"), valid_s=-1) for _ in range(2)]
    worker = post.sender()
    await worker.send_batch("phone")
    async with post.database.transaction() as tx:
        await tx.execute(
            "UPDATE kit.outgoing_messages SET settled_at = now() - make_interval(days => $2) WHERE id = $1",
            old,
            KEPT_DAYS + 1,
        )
    await worker._purge()
    assert await post.database.fetch_value("SELECT array_agg(id) FROM kit.outgoing_messages") == [young]


async def test_without_a_server_a_message_is_refused_loudly(post: Post) -> None:
    with structlog.testing.capture_logs() as lines:
        ways = ways_of(platform_with({}), "test")
        worker = sender.Sender(post.database, post.outgoing, ways)
        message_id = await post.promise(Mail(to=somebody(), subject="x", text="x"))
        await worker.send_batch("mail")
    assert "NOTHING WILL BE SENT: no server is configured" in [line["event"] for line in lines]
    assert (await post.row(message_id)).state == "refused"


@pytest.mark.parametrize("missing", ["mail_url", "mail_from", "phone_gateway_url"])
def test_production_does_not_start_without_a_way_out(missing: str) -> None:
    settings = {
        "mail_url": "smtp://user:x@mail.example.org",
        "phone_gateway_url": "https://token@gateway.example.org/v1",
    }
    sender_address = None if missing == "mail_from" else "noreply@example.org"
    settings.pop(missing, None)
    platform = platform_with(settings, environment="production", mail_from=sender_address)
    with pytest.raises(SettingsError, match=f"SAMOVAR_PLATFORM__{missing.upper()} is not set"):
        ways_of(platform, "auth")
