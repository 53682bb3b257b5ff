"""How Alembic runs here: on the connection and transaction that the program hands it."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,
    target_metadata=None,
)
with context.begin_transaction():
    context.run_migrations()
