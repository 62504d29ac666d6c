"""Money that customers look after themselves: what they asked of the system that holds it, prices, cards, Stripe's keys.

Only new tables, and columns that are nullable or have a constant default: the version before still reads this schema.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database

ID = "2026-11-23T01:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Changes of subscriptions and payment methods"

COLUMNS = """
orders resumes_at TIMESTAMPTZ
orders pending_change TEXT
invoices pay_url TEXT
payment_methods kind VARCHAR(20)
payment_methods brand VARCHAR(30)
payment_methods last4 VARCHAR(4)
payment_methods exp_month INTEGER
payment_methods exp_year INTEGER
payment_methods description VARCHAR(120) NOT NULL DEFAULT ''
payment_methods is_default BOOLEAN NOT NULL DEFAULT false
payment_methods removed_at TIMESTAMPTZ
payment_methods version VARCHAR(160) NOT NULL DEFAULT ''
vendors stripe_key TEXT
vendors stripe_key_at TIMESTAMPTZ
vendors stripe_account VARCHAR(64)
vendors stripe_secret TEXT
vendors stripe_previous_secret TEXT
vendors stripe_rotated_at TIMESTAMPTZ
vendors cancel_without_sign_in BOOLEAN NOT NULL DEFAULT false
vendors cancel_reasons TEXT NOT NULL DEFAULT '[]'
vendors cancel_offer TEXT NOT NULL DEFAULT ''
vendors cancel_offer_url VARCHAR(500)
"""

TABLES = """
CREATE TABLE prices (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL DEFAULT '',
    deleted_at TIMESTAMPTZ,
    product_clickfunnels_id VARCHAR(64),
    variant_clickfunnels_id VARCHAR(64),
    name VARCHAR(200) NOT NULL DEFAULT '',
    amount BIGINT,
    currency VARCHAR(3) NOT NULL DEFAULT 'USD',
    payment_type VARCHAR(20),
    interval VARCHAR(20),
    interval_count INTEGER,
    duration INTEGER,
    self_cancel BOOLEAN,
    self_upgrade BOOLEAN,
    self_downgrade BOOLEAN,
    self_reactivate BOOLEAN,
    visible BOOLEAN NOT NULL DEFAULT true,
    archived BOOLEAN NOT NULL DEFAULT false,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);

CREATE TABLE price_targets (
    id {serial},
    vendor_id BIGINT NOT NULL,
    price_clickfunnels_id VARCHAR(64) NOT NULL,
    target_clickfunnels_id VARCHAR(64) NOT NULL,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);

CREATE TABLE stripe_customers (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    reference VARCHAR(64) NOT NULL,
    default_method VARCHAR(64),
    created_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE card_setups (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    public_id VARCHAR(22) NOT NULL,
    order_id BIGINT,
    link_id BIGINT,
    session VARCHAR(100),
    url TEXT,
    reference VARCHAR(64),
    status VARCHAR(12) NOT NULL DEFAULT 'requested',
    error TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ,
    settled_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id),
    FOREIGN KEY (vendor_id, order_id) REFERENCES orders (vendor_id, id)
);

CREATE TABLE billing_commands (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    public_id VARCHAR(22) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    holder VARCHAR(20) NOT NULL,
    order_id BIGINT,
    invoice_id BIGINT,
    payment_method_id BIGINT,
    details TEXT NOT NULL DEFAULT '{}',
    status VARCHAR(12) NOT NULL DEFAULT 'requested',
    asked_by VARCHAR(254) NOT NULL DEFAULT '',
    error TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try_at TIMESTAMPTZ,
    leased_until TIMESTAMPTZ,
    requested_at TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    settled_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id),
    FOREIGN KEY (vendor_id, order_id) REFERENCES orders (vendor_id, id),
    FOREIGN KEY (vendor_id, invoice_id) REFERENCES invoices (vendor_id, id),
    FOREIGN KEY (vendor_id, payment_method_id) REFERENCES payment_methods (vendor_id, id)
)
"""

KEYS = """
CREATE UNIQUE INDEX payment_methods_vendor_key ON payment_methods (vendor_id, id)
"""
"""What rows of the new tables point at, so that they cannot point at another vendor's."""

INDEXES = """
CREATE UNIQUE INDEX prices_clickfunnels ON prices (vendor_id, clickfunnels_id)
CREATE INDEX prices_product ON prices (vendor_id, product_clickfunnels_id, id)
CREATE UNIQUE INDEX price_targets_pair ON price_targets (vendor_id, price_clickfunnels_id, target_clickfunnels_id)
CREATE UNIQUE INDEX stripe_customers_reference ON stripe_customers (vendor_id, reference)
CREATE INDEX stripe_customers_customer ON stripe_customers (vendor_id, customer_id)
CREATE UNIQUE INDEX card_setups_public_id ON card_setups (vendor_id, public_id)
CREATE INDEX card_setups_customer ON card_setups (vendor_id, customer_id)
CREATE INDEX card_setups_order ON card_setups (vendor_id, order_id)
CREATE INDEX card_setups_open ON card_setups (next_try_at) WHERE status IN ('requested', 'open')
CREATE UNIQUE INDEX billing_commands_public_id ON billing_commands (vendor_id, public_id)
CREATE INDEX billing_commands_customer ON billing_commands (vendor_id, customer_id, id)
CREATE INDEX billing_commands_order ON billing_commands (vendor_id, order_id)
CREATE INDEX billing_commands_invoice ON billing_commands (vendor_id, invoice_id)
CREATE INDEX billing_commands_payment_method ON billing_commands (vendor_id, payment_method_id)
CREATE INDEX billing_commands_vendor ON billing_commands (vendor_id, id)
CREATE INDEX billing_commands_status ON billing_commands (vendor_id, status, id)
CREATE INDEX billing_commands_due ON billing_commands (next_try_at) WHERE status IN ('requested', 'sent') AND holder <> 'manual'
CREATE UNIQUE INDEX billing_commands_one_open ON billing_commands (vendor_id, order_id) WHERE status IN ('requested', 'sent') AND order_id IS NOT NULL
CREATE UNIQUE INDEX billing_commands_one_open_method ON billing_commands (vendor_id, payment_method_id) WHERE status IN ('requested', 'sent') AND order_id IS NULL AND payment_method_id IS NOT NULL
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="customer_center", description=DESCRIPTION)

    async def change() -> None:
        sqlite = database.engine.engine_type == "sqlite"
        serial = "INTEGER PRIMARY KEY AUTOINCREMENT" if sqlite else "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
        for column in COLUMNS.strip().splitlines():
            table, definition = column.split(" ", 1)
            await database.engine.run_ddl(f"ALTER TABLE {table} ADD COLUMN {definition}")
        for statement in KEYS.strip().splitlines():
            await database.engine.run_ddl(statement)
        for statement in TABLES.replace("{serial}", serial).split(";"):
            await database.engine.run_ddl(statement.strip())
        for statement in INDEXES.strip().splitlines():
            await database.engine.run_ddl(statement)

    manager.add_raw(change)
    return manager
