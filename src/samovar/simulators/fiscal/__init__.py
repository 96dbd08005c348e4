"""Cash registers of 54-FZ as a service, in the dialect of ATOL Online v5 (fiscal data format 1.2), for development and tests.

Under `/possystem/v5`: `getToken`, `{group}/sell`, `sell_refund`, `buy`, `buy_refund`, the corrections of each, `{group}/report/{uuid}`.
Part of `samovar.simulators.money`; `/receipts` shows receipts as paper.
"""
