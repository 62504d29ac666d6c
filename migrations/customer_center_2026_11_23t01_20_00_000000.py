"""Mails about money: what is still to be told of an order, what was reminded of, and the vendor's switches.

Only columns that are nullable or have a constant default, and indexes: the version before still reads this schema. Vendors
who were here before have both switches off, so that nobody's customers are suddenly written to twice.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database

ID = "2026-11-23T01:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Mails about money"

COLUMNS = """
orders tell_at TIMESTAMPTZ
orders to_tell TEXT
orders failure_told_at TIMESTAMPTZ
orders reminded_for TIMESTAMPTZ
payment_methods reminded_for VARCHAR(7)
vendors mail_receipts BOOLEAN NOT NULL DEFAULT false
vendors mail_reminders BOOLEAN NOT NULL DEFAULT false
"""

RUNNING = "order_type = 'subscription-order' AND deleted_at IS NULL AND service_status"
INDEXES = f"""
CREATE INDEX orders_to_tell ON orders (tell_at) WHERE tell_at IS NOT NULL
CREATE INDEX orders_renewing ON orders (renewal_at) WHERE {RUNNING} = 'active'
CREATE INDEX orders_charged ON orders (next_charge_at) WHERE {RUNNING} = 'active' AND renewal_at IS NULL
CREATE INDEX payment_methods_expiring ON payment_methods (exp_year, exp_month, id) WHERE removed_at IS NULL
CREATE INDEX orders_trial_ending ON orders (trial_end_at) WHERE {RUNNING} = 'trialing'
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="customer_center", description=DESCRIPTION)

    async def change() -> None:
        for column in COLUMNS.strip().splitlines():
            table, definition = column.split(" ", 1)
            await database.engine.run_ddl(f"ALTER TABLE {table} ADD COLUMN {definition}")
        for statement in INDEXES.strip().splitlines():
            await database.engine.run_ddl(statement)

    manager.add_raw(change)
    return manager
