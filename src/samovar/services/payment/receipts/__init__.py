"""Fiscal receipts: each rouble has exactly one."""
