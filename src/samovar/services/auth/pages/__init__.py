"""The plain HTML pages of auth: rendering, forms that cannot be forged, the cookies of a browser."""
