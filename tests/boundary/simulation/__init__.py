"""A world of markers and mistakes, made apart from the code that judges them."""
