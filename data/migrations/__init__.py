"""Alembic's room: how the schema came to be."""
