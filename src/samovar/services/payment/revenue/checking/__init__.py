"""The checks of sales, their splits and reversals."""
