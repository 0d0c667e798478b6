"""Points keep their coordinates as they were given, like stations."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("point", sa.Column("datum", sa.String(length=10), nullable=False, server_default=""))
    op.add_column("point", sa.Column("lon_as_given", sa.Double(), nullable=True))
    op.add_column("point", sa.Column("lat_as_given", sa.Double(), nullable=True))
