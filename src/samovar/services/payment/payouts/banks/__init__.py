"""The banks that payouts may leave from, behind one port."""
