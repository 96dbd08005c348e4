"""Staff and buyers: seeing receipts, mending them, comparing a day's money with its receipts."""
