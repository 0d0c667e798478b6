"""Alembic runs on the connection that the store opened; there is no command line of its own."""

from alembic import context

from dashboard.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transaction_per_migration=False,
    render_as_batch=True,
)
context.run_migrations()
