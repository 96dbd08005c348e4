"""What payment and library tell of orders, refunds, gifts, money and licences."""
