"""The look: tokens and what Flutter makes of them."""
