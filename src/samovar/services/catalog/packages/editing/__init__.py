"""Packages as those see and change them who sell them."""
