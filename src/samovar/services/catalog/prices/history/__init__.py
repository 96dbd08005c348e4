"""The honest history of prices."""
