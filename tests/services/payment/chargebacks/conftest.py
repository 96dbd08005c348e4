"""Chargebacks are tested at the desk where refunds are."""

from tests.services.payment.refunds.conftest import desk

__all__ = ["desk"]
