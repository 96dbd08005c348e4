"""«Последний самовар»: a snowed-in night train, one samovar, and eight cold people who have something to say."""
