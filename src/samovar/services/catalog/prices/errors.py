"""What can go wrong with prices.

Conflict
├── PricesRefused     409  catalog.prices_refused     not now: the fields say why, and until when
├── DiscountRefused   409  catalog.discount_refused   not now: the fields say why, and until when
├── DiscountOver      409  catalog.discount_over      it has ended or was called off
├── SaleClosed        409  catalog.sale_closed        nobody joins it any more
├── SaleBegun         409  catalog.sale_begun         its dates are no longer changed
└── SaleSlugTaken     409  catalog.sale_slug_taken    another sale has this slug
Forbidden
└── OwnerEndsDiscount 403  catalog.owner_ends_discount  one that is active is ended by an owner, or by staff
NotFound
├── DiscountNotFound  404  catalog.discount_not_found
└── SaleNotFound      404  catalog.sale_not_found
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound


class PricesRefused(Conflict):
    """The prices cannot change now; each field says why, `limit` until when."""

    code = "catalog.prices_refused"


class DiscountRefused(Conflict):
    """The discount cannot be granted; each field says why, `limit` until when."""

    code = "catalog.discount_refused"


class DiscountOver(Conflict):
    """The discount has ended already, or was called off."""

    code = "catalog.discount_over"


class SaleClosed(Conflict):
    """The time to join is over, or the sale was called off."""

    code = "catalog.sale_closed"


class SaleBegun(Conflict):
    """Packages have joined, or the sale has begun: its dates stay."""

    code = "catalog.sale_begun"


class SaleSlugTaken(Conflict):
    """Another sale has this slug."""

    code = "catalog.sale_slug_taken"


class OwnerEndsDiscount(Forbidden):
    """What people buy at this moment is called off by an owner of the organisation or by staff."""

    code = "catalog.owner_ends_discount"


class DiscountNotFound(NotFound):
    """There is no such discount on this app."""

    code = "catalog.discount_not_found"


class SaleNotFound(NotFound):
    """There is no such sale."""

    code = "catalog.sale_not_found"
