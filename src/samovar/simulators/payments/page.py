"""The pages of the payer and of the desk; readable from 360 px up, in light and dark."""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from html import escape

from samovar.simulators.payments.book import Payment
from samovar.simulators.payments.cards import CARDS, REASONS
from samovar.simulators.payments.qr import svg
from samovar.simulators.payments.webhooks import Webhook
from samovar.simulators.payments.words import WORDS, Language, roubles

# Shops, banks and registers of the country write its capital's time.
MOSCOW = timezone(timedelta(hours=3))

METHODS = ("sbp", "bank_card", "sberbank", "tinkoff_bank")
NAMES = {"yookassa": "YooKassa", "tbank": "T-Bank"}
STYLE = """
:root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif;
  --line: color-mix(in srgb, currentColor 18%, transparent); --accent: #7a3cff; --back: #f3f2f7; --card: #fff; }
@media (prefers-color-scheme: dark) { :root { --back: #15141a; --card: #201f27; --accent: #a98bff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); overflow-wrap: anywhere; }
main { margin: 0 auto; padding: 16px; max-width: 960px; }
.narrow { max-width: 440px; }
h1 { font-size: 1rem; font-weight: 600; margin: 0; }
h2 { font-size: 1rem; margin: 0 0 10px; }
.demo { font-size: .85rem; opacity: .75; margin: 2px 0 14px; }
.sum { font-size: 2.2rem; font-weight: 700; letter-spacing: -.02em; font-variant-numeric: tabular-nums; margin: 4px 0; }
.faint { opacity: .7; font-size: .9rem; }
.box { background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 16px; margin: 0 0 12px; }
.columns { display: grid; gap: 12px; }
@media (min-width: 800px) { .columns { grid-template-columns: 1fr 1fr; align-items: start; } }
.qr { display: block; width: min(220px, 70vw); margin: 0 auto 12px; border-radius: 12px; }
form { margin: 0; } label { display: block; font-size: .85rem; margin: 0 0 10px; }
.row { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; }
input, select { display: block; width: 100%; font: inherit; padding: 11px 12px; border: 1px solid var(--line); border-radius: 10px;
  background: transparent; color: inherit; min-height: 46px; }
option { color: #111; background: #fff; }
button, .button { display: block; width: 100%; text-align: center; font: inherit; font-weight: 600; padding: 12px; min-height: 48px;
  border: 1px solid var(--line); border-radius: 12px; background: transparent; color: inherit; text-decoration: none; cursor: pointer; }
button.main, .button.main { background: var(--accent); border-color: var(--accent); color: #fff; }
@media (prefers-color-scheme: dark) { button.main, .button.main { color: #15141a; } }
button + button, form + form, details { margin-top: 10px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
summary { cursor: pointer; padding: 6px 0; }
.cards button { display: flex; justify-content: space-between; gap: 12px; font-weight: 400; text-align: left; font-size: .85rem;
  min-height: 44px; padding: 8px 12px; margin-top: 6px; font-variant-numeric: tabular-nums; }
.cards button span:last-child { opacity: .75; text-align: right; }
.alarm { border-color: #c62828; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
td, th { text-align: left; padding: 8px 6px; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; opacity: .7; } td.num, th.num { text-align: right; white-space: nowrap; }
.wide { overflow-x: auto; }
nav { display: flex; gap: 16px; flex-wrap: wrap; margin-bottom: 14px; } nav a { color: inherit; }
@media (max-width: 520px) { .less, th { display: none; } tr { display: block; padding: 8px 0; border-bottom: 1px solid var(--line); }
  td, td.num { display: block; text-align: left; padding: 1px 0; border: 0; } }
"""
_FILL = """
document.querySelectorAll('.cards button').forEach(b => b.onclick = () => {
  const f = document.forms.card; f.number.value = b.dataset.number; f.expiry.value = '12/30'; f.csc.value = '123'; f.number.focus();
});
"""
_WATCH = """
setInterval(async () => {{ const r = await fetch('/pay/{id}/state'); if (r.ok && (await r.json()).is_over) location = '/pay/{id}/result'; }}, 1500);
"""


def layout(title: str, content: str, *, language: Language, script: str = "", narrow: bool = False) -> str:
    """Return a whole page."""
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · Samovar</title><style>{STYLE}</style></head>
<body><main{' class="narrow"' if narrow else ""}>{content}</main>{f"<script>{script}</script>" if script else ""}</body></html>
"""


def payment_page(payment: Payment, *, address: str, language: Language, alarm: str = "") -> str:
    """Return what a payer sees who has to pay."""
    words = WORDS[language]
    kinds = (payment.method,) if payment.method else METHODS
    boxes = {
        "sbp": lambda: _sbp_box(payment, words, address),
        "bank_card": lambda: _card_box(payment, words, alarm),
        "sberbank": lambda: _app_box(payment, words, "sberbank"),
        "tinkoff_bank": lambda: _app_box(payment, words, "tinkoff_bank"),
    }
    left, right = (
        "".join(boxes[kind]() for kind in kinds if kind in side)
        for side in (("sbp", "bank_card"), ("sberbank", "tinkoff_bank"))
    )
    content = (
        f'{_head(payment, words)}<div class="columns"><div>{left}</div>'
        f"<div>{right}{_otherwise(payment, words)}</div></div>"
    )
    return layout(words["title"], content, language=language, script=_FILL + _WATCH.format(id=payment.id))


def bank_page(payment: Payment, *, language: Language) -> str:
    """Return what the bank's app shows to who has scanned the code."""
    words = WORDS[language]
    content = f"""<h1>{words["bank_app"]}</h1><p class="demo">{words["demo"]}</p>
<section class="box"><p class="faint">{words["bank_asks"]}</p><div class="sum">{roubles(payment.amount, payment.currency)}</div>
<p>{escape(payment.description)}</p>
<form method="post" action="/pay/{payment.id}/sbp"><button class="main">{words["confirm"]}</button></form>
<form method="post" action="/pay/{payment.id}/refuse"><button>{words["refuse"]}</button></form></section>"""
    return layout(words["bank_app"], content, language=language, narrow=True)


def secure_page(payment: Payment, number: str, *, language: Language) -> str:
    """Return the page of the holder's bank, 3-D Secure."""
    words = WORDS[language]
    content = f"""<h1>{words["3ds"]}</h1><p class="demo">{words["demo"]}</p>
<section class="box"><div class="sum">{roubles(payment.amount, payment.currency)}</div><p class="faint">•••• {escape(number[-4:])}</p>
<p>{words["3ds_about"]}</p><form method="post" action="/pay/{payment.id}/3ds"><input type="hidden" name="number" value="{escape(number)}">
<label>{words["code"]}<input name="code" inputmode="numeric" autocomplete="one-time-code" value="1234" maxlength="8"></label>
<button class="main">{words["confirm"]}</button></form>
<form method="post" action="/pay/{payment.id}/refuse"><button>{words["refuse"]}</button></form></section>"""
    return layout(words["3ds"], content, language=language, narrow=True)


def result_page(payment: Payment, *, back: str | None, language: Language) -> str:
    """Return what became of a payment."""
    words = WORDS[language]
    heading = {"succeeded": "paid", "authorized": "held", "canceled": "canceled"}.get(
        payment.status, "pending"
    )
    reason = f'<p class="faint">{escape(words.get(payment.reason or "", payment.reason or ""))}</p>'
    link = f'<a class="button main" href="{escape(back)}">{words["back"]}</a>' if back else ""
    content = f"""<h1>{words[heading]}</h1><p class="demo">{words["demo"]}</p><section class="box">
<div class="sum">{roubles(payment.captured or payment.amount, payment.currency)}</div><p>{escape(payment.description)}</p>{reason}{link}
<p class="faint"><a href="/payments?lang={language}">{words["desk"]}</a></p></section>"""
    return layout(words[heading], content, language=language, narrow=True)


def desk_page(payments: Iterable[Payment], webhooks: Iterable[Webhook], *, language: Language) -> str:
    """Return all payments, and what was sent about them."""
    words = WORDS[language]
    rows = "".join(_desk_row(one, words, language) for one in payments)
    sent = "".join(
        f"<tr><td>{hook.number}</td><td>{NAMES[hook.provider]} {escape(hook.kind)}</td>"
        f'<td class="less"><code>{escape(hook.about)}</code></td>'
        f"<td>{words['taken' if hook.is_taken else 'not_taken']} {escape(', '.join(hook.answers[-3:]))}</td></tr>"
        for hook in webhooks
    )
    head = "".join(
        f'<th class="{kind}">{words[name]}</th>'
        for name, kind in (
            ("created", ""),
            ("for", ""),
            ("status", ""),
            ("amount", "num"),
            ("refunded", "num less"),
        )
    )
    empty = f"<p>{words['nothing']}</p>"
    content = f"""<h1>{words["desk"]}</h1><p class="demo">{words["demo"]}</p>
<section class="box wide">{f"<table><tr>{head}</tr>{rows}</table>" if rows else empty}</section>
<section class="box wide"><h2>{words["webhooks"]}</h2>{f"<table>{sent}</table>" if sent else empty}</section>"""
    return layout(words["desk"], content, language=language)


def _head(payment: Payment, words: dict[str, str]) -> str:
    due = datetime.fromtimestamp(payment.expires_at, MOSCOW)
    return f"""<h1>{words["title"]} · {NAMES[payment.provider]}</h1><p class="demo">{words["demo"]}</p>
<section class="box"><div class="sum">{roubles(payment.amount, payment.currency)}</div><p>{escape(payment.description)}</p>
<p class="faint">{words["left"]} <time datetime="{due.isoformat(timespec="seconds")}">{due:%H:%M}</time></p></section>"""


def _sbp_box(payment: Payment, words: dict[str, str], address: str) -> str:
    return f"""<section class="box"><h2>{words["sbp"]}</h2>{svg(f"{address}/sbp/{payment.id}")}
<p class="faint">{words["sbp_about"]}</p>
<form method="post" action="/pay/{payment.id}/sbp"><button class="main">{words["sbp_pay"]}</button></form></section>"""


def _card_box(payment: Payment, words: dict[str, str], alarm: str) -> str:
    cards = "".join(
        f'<button type="button" data-number="{card.number}"><span>{" ".join(_fours(card.number))}</span><span>'
        f"{words[card.reason or ('asks' if card.asks_3ds else 'pays')]}</span></button>"
        for card in CARDS
    )
    warning = f'<p class="box alarm" role="alert">{words[alarm]}</p>' if alarm else ""
    return f"""<section class="box"><h2>{words["bank_card"]}</h2>{warning}
<form method="post" name="card" action="/pay/{payment.id}/card" autocomplete="off">
<label>{words["number"]}<input name="number" inputmode="numeric" placeholder="2200 0000 0000 0004" maxlength="23" required></label>
<div class="row"><label>{words["expiry"]}<input name="expiry" inputmode="numeric" placeholder="12/30" maxlength="5"></label>
<label>{words["csc"]}<input name="csc" inputmode="numeric" placeholder="123" maxlength="4"></label></div>
<button class="main">{words["card_pay"]}</button></form>
<details class="cards"><summary>{words["test_cards"]}</summary>{cards}</details></section>"""


def _app_box(payment: Payment, words: dict[str, str], method: str) -> str:
    return f"""<section class="box"><form method="post" action="/pay/{payment.id}/app">
<input type="hidden" name="method" value="{method}"><button class="main">{words["app_pay"]} {words[method]}</button></form></section>"""


def _otherwise(payment: Payment, words: dict[str, str]) -> str:
    reasons = "".join(f'<option value="{reason}">{words[reason]}</option>' for reason in REASONS)
    return f"""<section class="box"><h2>{words["otherwise"]}</h2>
<form method="post" action="/pay/{payment.id}/decline"><label>{words["decline"]}<select name="reason">{reasons}</select></label>
<button>{words["decline"]}</button></form>
<form method="post" action="/pay/{payment.id}/expire"><button>{words["expire"]}</button></form>
<form method="post" action="/pay/{payment.id}/refuse"><button>{words["cancel"]}</button></form></section>"""


def _desk_row(payment: Payment, words: dict[str, str], language: Language) -> str:
    moment = datetime.fromtimestamp(payment.created_at, MOSCOW)
    reason = (
        f'<br><span class="faint">{escape(words.get(payment.reason, payment.reason))}</span>'
        if payment.reason
        else ""
    )
    page = (
        ""
        if payment.status != "pending"
        else f'<br><a href="/pay/{payment.id}?lang={language}">{words["open"]}</a>'
    )
    return (
        f"<tr><td>{moment:%d.%m %H:%M:%S}<br><span class='faint'>{NAMES[payment.provider]}</span></td>"
        f"<td>{escape(payment.description)}<br><code class='faint'>{escape(payment.id)}</code></td>"
        f"<td>{words[payment.status]}{reason}{page}</td>"
        f'<td class="num">{roubles(payment.captured or payment.amount, payment.currency)}</td>'
        f'<td class="num less">{roubles(payment.refunded, payment.currency)}</td></tr>'
    )


def _fours(number: str) -> list[str]:
    return [number[start : start + 4] for start in range(0, len(number), 4)]
