"""The price matrix: what a package costs in each region, without discounts."""
