"""The table behind the limits on guessing: unlogged, so that no copy or log of the database has it."""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE accounts_limit (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX accounts_limit_expires ON accounts_limit (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE accounts_limit;")]
