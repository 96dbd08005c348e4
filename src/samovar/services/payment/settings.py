"""The settings of payment: section `payment`."""

from typing import Annotated, Literal

from msgspec import Meta

from samovar.kit.settings import Secret, ServiceSettings


class PaymentSettings(ServiceSettings, frozen=True, kw_only=True):
    """What an operator may turn."""

    signing_secret: Annotated[
        Secret,
        Meta(
            description="Signs quotes and pages of payment, at least 32 characters; the same in every process. `samovar up` makes one."
        ),
    ]
    default_country: Annotated[
        str,
        Meta(pattern=r"^[A-Z]{2}\Z", description="The country of a purchase that names none."),
    ] = "RU"
    quote_ttl_s: Annotated[
        int, Meta(ge=60, le=86_400, description="How long a quote holds, unless a price in it ends before.")
    ] = 900
    gift_ttl_days: Annotated[
        int,
        Meta(
            ge=1, le=365, description="How long a gift waits for its recipient; then the sender is refunded."
        ),
    ] = 30
    unknown_age_level: Annotated[
        Literal[0, 6, 12, 16, 18],
        Meta(
            description="The highest age mark of gifts that those may accept whose age is not known; as in catalog."
        ),
    ] = 16
    order_ttl_s: Annotated[
        int, Meta(ge=300, le=86_400, description="How long an order waits for its payment.")
    ] = 3_600
    purchase_approval_ttl_s: Annotated[
        int,
        Meta(
            ge=3_600,
            le=7_776_000,
            description="How long a child may buy what an adult of the family has approved.",
        ),
    ] = 604_800
    return_origins: Annotated[
        tuple[str, ...],
        Meta(
            description="Origins besides the platform's own, `https://shop.example`, to which a player may be sent back after paying."
        ),
    ] = ()
    yookassa_url: Annotated[
        str, Meta(description="Where YooKassa's API answers; `samovar up` puts its simulator there.")
    ] = "https://api.yookassa.ru/v3"
    yookassa_shop_id: Annotated[
        str | None, Meta(description="The shop at YooKassa; without one it takes no payments.")
    ] = None
    yookassa_secret_key: Annotated[Secret | None, Meta(description="The secret key of that shop.")] = None
    tbank_url: Annotated[
        str,
        Meta(
            description="Where the API of T-Bank's acquiring answers; `samovar up` puts its simulator there."
        ),
    ] = "https://securepay.tinkoff.ru/v2"
    tbank_terminal_key: Annotated[
        str | None, Meta(description="The terminal at T-Bank; without one it takes no payments.")
    ] = None
    tbank_password: Annotated[Secret | None, Meta(description="The password of that terminal.")] = None
    preferred_provider: Annotated[
        Literal["yookassa", "tbank"],
        Meta(description="Which provider is tried first where both take a payment."),
    ] = "yookassa"
    yookassa_networks: Annotated[
        tuple[str, ...],
        Meta(
            description="Where YooKassa's notifications come from: they are not signed. Outside production also from this machine."
        ),
    ] = (
        "185.71.76.0/27",
        "185.71.77.0/27",
        "77.75.153.0/25",
        "77.75.154.128/25",
        "77.75.156.11/32",
        "77.75.156.35/32",
        "2a02:5180::/32",
    )
    top_up_min: Annotated[
        int, Meta(ge=100, description="The least that is paid into a wallet at once, kopecks.")
    ] = 1_000
    top_up_max: Annotated[
        int, Meta(ge=100, description="The most that is paid into a wallet at once, kopecks.")
    ] = 1_500_000
    top_up_monthly_max: Annotated[
        int, Meta(ge=100, description="The most that is paid into a wallet within 30 days, kopecks.")
    ] = 6_000_000
    fiscal_url: Annotated[
        str | None,
        Meta(
            description="Where the service of cash registers answers that makes fiscal receipts; `samovar up` puts its simulator "
            "there. Without one receipts wait."
        ),
    ] = None
    fiscal_group: Annotated[
        str | None, Meta(description="The code of the group of cash registers there.")
    ] = None
    fiscal_login: Annotated[str | None, Meta(description="The login at the service of cash registers.")] = (
        None
    )
    fiscal_password: Annotated[Secret | None, Meta(description="The password there.")] = None
    fiscal_inn: Annotated[
        str | None, Meta(description="The INN of the platform's operator, for receipts: 10 or 12 digits.")
    ] = None
    fiscal_email: Annotated[
        str | None,
        Meta(
            description="The address of the shop in receipts, for the buyer's and for its own: the operator of fiscal data sends them there. "
            "Buyers see theirs on the page of the order."
        ),
    ] = None
    fiscal_tax_system: Annotated[
        Literal["osn", "usn_income", "usn_income_outcome"],
        Meta(description="The operator's system of taxes: general, or simplified."),
    ] = "osn"
    fiscal_vat_regime: Annotated[
        Literal["none", "vat_5", "vat_7", "general"],
        Meta(description="How the operator's own advances, top-ups of wallets, bear VAT."),
    ] = "general"
    fiscal_late_hours: Annotated[
        int,
        Meta(
            ge=1, le=72, description="After how many hours a receipt on its way is late and raises an alarm."
        ),
    ] = 6
    bank_url: Annotated[
        str | None,
        Meta(
            description="Where the bank answers that sends payouts to developers; `samovar up` puts its simulator there. Without one "
            "payouts wait."
        ),
    ] = None
    bank_token: Annotated[Secret | None, Meta(description="The token of the bank's API.")] = None
    refunds_per_month_max: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000,
            description="How many refunds an account gets in 30 days without anybody's decision; from then on support looks at each.",
        ),
    ] = 5
    reserve_percent: Annotated[
        int, Meta(ge=0, le=100, description="What is kept back of a developer's new earnings, in percent.")
    ] = 10
    reserve_days: Annotated[
        int, Meta(ge=0, le=365, description="For how many days it is kept back, against refunds.")
    ] = 60
    bank_account: Annotated[
        str | None,
        Meta(
            pattern=r"^[0-9]{20}\Z",
            description="The account at T-Bank from which payouts leave, 20 digits: with one, the bank is spoken to in its T-API, "
            "without one in the plain API of the simulator.",
        ),
    ] = None
    npd_url: Annotated[
        str | None,
        Meta(
            description="Where the tax service says who pays НПД: https://statusnpd.nalog.ru. Without one payouts to them wait."
        ),
    ] = None
    npd_year_limit: Annotated[
        int, Meta(ge=0, description="What a payer of НПД may be paid in a year, in kopecks.")
    ] = 240_000_000
    payout_minimum: Annotated[int, Meta(ge=1, description="The least that is paid out, in kopecks.")] = (
        100_000
    )
    payee_wait_days: Annotated[
        int, Meta(ge=0, le=30, description="For how many days nothing is paid out to new bank details.")
    ] = 3
    platform_name: Annotated[
        str, Meta(min_length=1, max_length=300, description="The legal name of the platform, for acts.")
    ] = "ООО «Самовар»"
    platform_inn: Annotated[
        str, Meta(pattern=r"^[0-9]{10}\Z", description="The INN of the platform, for acts.")
    ] = "0000000000"
    platform_vat_regime: Annotated[
        Literal["none", "exempt", "vat_5", "vat_7", "general"],
        Meta(description="Under which regime the platform pays VAT of its fee."),
    ] = "general"
    compensation_alone_amount_max: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000_000,
            description="How much one of the staff gives as a compensation by themselves, in kopecks; more needs a second person of finance.",
        ),
    ] = 100_000
    compensation_alone_day_amount_max: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000_000,
            description="How much one of the staff gives by themselves on one day, in kopecks.",
        ),
    ] = 500_000
    compensation_amount_max: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000_000_000,
            description="How much a compensation is at most, in kopecks, whoever approves it.",
        ),
    ] = 10_000_000
    compensation_approved_day_amount_max: Annotated[
        int,
        Meta(
            ge=0, le=1_000_000_000, description="How much one of the staff approves on one day, in kopecks."
        ),
    ] = 50_000_000
    compensation_proposal_ttl_s: Annotated[
        int,
        Meta(
            ge=60, le=2_592_000, description="How long a proposed compensation waits for the second person."
        ),
    ] = 259_200
