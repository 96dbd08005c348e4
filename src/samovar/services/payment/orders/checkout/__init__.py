"""Making an order of a quote, canceling it, letting it expire."""
