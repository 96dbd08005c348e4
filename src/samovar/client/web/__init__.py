"""The client on the web: one process that gives a browser the page and its files, and holds the sessions behind them."""
