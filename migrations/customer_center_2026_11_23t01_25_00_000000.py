"""Who owes for a subscription: an index so small that every page can ask it.

Only an index: the version before still reads this schema.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database

ID = "2026-11-23T01:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Subscriptions with a payment that is overdue"

INDEX = """
CREATE INDEX orders_overdue ON orders (vendor_id, customer_id, id)
WHERE order_type = 'subscription-order' AND billing_status IN ('past-due', 'past_due', 'delinquent', 'failed')
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="customer_center", description=DESCRIPTION)

    async def change() -> None:
        await database.engine.run_ddl(INDEX.strip())

    manager.add_raw(change)
    return manager
