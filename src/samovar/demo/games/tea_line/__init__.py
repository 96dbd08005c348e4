"""«Чайный путь»: turn the pipes until tea runs from the samovar to every cup and not a drop runs beside it."""
