"""The outbox as a page for people, in Russian and English; readable on a phone of 412 px."""

from collections.abc import Container, Sequence
from html import escape
from typing import Literal

from samovar.simulators.messages.outbox import Message

Language = Literal["ru", "en"]
REFRESH_S = 3

WORDS: dict[Language, dict[str, str]] = {
    "ru": {
        "title": "Сообщения",
        "about": "Сюда попадает всё, что платформа отправила бы людям: письма, SMS и звонки. Наружу не уходит ничего.",
        "search": "Адрес или телефон",
        "find": "Найти",
        "empty": "Пока ничего не пришло.",
        "mail": "письмо",
        "sms": "SMS",
        "flash_call": "звонок-сброс",
        "voice_call": "голосовой звонок",
        "reverse_call": "ждём звонка",
        "code": "код",
        "open": "Открыть ссылку",
        "call": "Позвонить",
        "called": "Звонок принят",
    },
    "en": {
        "title": "Messages",
        "about": "Everything that the platform would send to people: mails, text messages and calls. Nothing leaves this machine.",
        "search": "Address or phone",
        "find": "Find",
        "empty": "Nothing has come yet.",
        "mail": "mail",
        "sms": "SMS",
        "flash_call": "flash call",
        "voice_call": "voice call",
        "reverse_call": "waiting for a call",
        "code": "code",
        "open": "Open the link",
        "call": "Call",
        "called": "The call has come",
    },
}
STYLE = """
:root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif; }
body { margin: 0 auto; padding: 16px; max-width: 720px; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0; }
header p, time, .kind { opacity: .75; font-size: .9rem; }
form.search { display: flex; gap: 8px; margin: 12px 0; }
input { flex: 1; min-width: 0; font: inherit; padding: 8px; }
button, .button { font: inherit; padding: 8px 14px; min-height: 40px; box-sizing: border-box; }
.button { display: inline-block; border: 1px solid; border-radius: 4px; }
article { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 10px; padding: 12px; margin: 12px 0; }
h2 { font-size: 1rem; margin: 4px 0; }
pre { white-space: pre-wrap; font: inherit; margin: 8px 0; }
.code { font-size: 1.6rem; letter-spacing: .12em; font-variant-numeric: tabular-nums; }
"""


def language_of(text: str) -> Language:
    """Return the language that a query or an `Accept-Language` asks for; Russian unless it is English."""
    return "en" if text.strip().lower().startswith("en") else "ru"


def render(messages: Sequence[Message], *, to: str, language: Language, called: Container[str]) -> str:
    """Return the page: `messages` as they are given, those of `called` with their call noted."""
    words = WORDS[language]
    shown = "".join(_article(message, words, is_called=message.id in called) for message in messages)
    # A page in whose field somebody types is not taken away from under them.
    refresh = f"setInterval(() => document.activeElement.name || location.reload(), {REFRESH_S * 1_000})"
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>{refresh}</script>
<noscript><meta http-equiv="refresh" content="{REFRESH_S}"></noscript>
<title>{words["title"]} · Samovar</title>
<style>{STYLE}</style>
</head>
<body>
<header><h1>{words["title"]}</h1><p>{words["about"]}</p></header>
<form class="search">
<input type="hidden" name="lang" value="{language}">
<input name="to" value="{escape(to)}" placeholder="{words["search"]}" aria-label="{words["search"]}">
<button>{words["find"]}</button>
</form>
<main>{shown or f"<p>{words['empty']}</p>"}</main>
</body>
</html>
"""


def _article(message: Message, words: dict[str, str], *, is_called: bool) -> str:
    moment = message.received_at.astimezone()
    parts = [
        (
            f'<div class="kind">{words.get(message.kind, escape(message.kind))} · '
            f'<time datetime="{message.received_at.isoformat()}">{moment:%H:%M:%S}</time></div>'
        ),
        f"<h2>{escape(message.to)}</h2>",
    ]
    if message.subject:
        parts.append(f"<strong>{escape(message.subject)}</strong>")
    if message.code:
        parts.append(
            f'<div><span class="kind">{words["code"]}</span> <span class="code">{escape(message.code)}</span></div>'
        )
    if message.text:
        parts.append(f"<pre>{escape(message.text)}</pre>")
    if message.link:
        parts.append(f'<a class="button" href="{escape(message.link)}" rel="noreferrer">{words["open"]}</a>')
    if message.kind == "reverse_call":
        button = f'<form method="post" action="/phone/{escape(message.id)}/call"><button>{words["call"]}</button></form>'
        parts.append(f"<p>{words['called']}</p>" if is_called else button)
    return f"<article>{''.join(parts)}</article>"
