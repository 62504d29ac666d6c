"""The first tables.

Written by hand: Piccolo cannot make composite foreign keys and multi-column unique indexes on SQLite. A row may only
point at rows of its own vendor, which the composite keys hold the database to.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database

ID = "2026-11-22T10:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "First tables"

TABLES = """
CREATE TABLE vendors (
    id {serial},
    slug VARCHAR(40) NOT NULL UNIQUE,
    name VARCHAR(120) NOT NULL,
    headline VARCHAR(200) NOT NULL,
    domain VARCHAR(253) UNIQUE,
    support_email VARCHAR(320),
    sender_name VARCHAR(120),
    privacy_url VARCHAR(500),
    terms_url VARCHAR(500),
    locale VARCHAR(20) NOT NULL,
    time_zone VARCHAR(64) NOT NULL,
    media_host VARCHAR(253),
    clickfunnels_secret TEXT,
    clickfunnels_previous_secret TEXT,
    clickfunnels_rotated_at TIMESTAMPTZ,
    theme VARCHAR(60),
    tokens TEXT NOT NULL,
    hidden_tabs TEXT NOT NULL,
    logo VARCHAR(80),
    logo_alt VARCHAR(200) NOT NULL,
    logo_width VARCHAR(5) NOT NULL,
    logo_height VARCHAR(5) NOT NULL,
    answer_unknown BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ
);

CREATE TABLE customers (
    id {serial},
    vendor_id BIGINT NOT NULL,
    public_id VARCHAR(22) NOT NULL,
    email VARCHAR(254) NOT NULL,
    email_version VARCHAR(160) NOT NULL,
    email_proposed VARCHAR(254),
    first_name VARCHAR(120) NOT NULL,
    last_name VARCHAR(120) NOT NULL,
    phone VARCHAR(40),
    time_zone VARCHAR(64),
    default_address BIGINT,
    renamed_at TIMESTAMPTZ,
    first_signed_in_at TIMESTAMPTZ,
    welcomed_at TIMESTAMPTZ,
    disabled_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ,
    UNIQUE (vendor_id, id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);

CREATE TABLE contacts (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL,
    deleted_at TIMESTAMPTZ,
    customer_id BIGINT,
    email VARCHAR(254),
    first_name VARCHAR(120) NOT NULL,
    last_name VARCHAR(120) NOT NULL,
    phone VARCHAR(40),
    time_zone VARCHAR(64),
    UNIQUE (vendor_id, clickfunnels_id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE sessions (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    auth_method VARCHAR(20) NOT NULL,
    device VARCHAR(200) NOT NULL,
    ip_prefix VARCHAR(60) NOT NULL,
    created_at TIMESTAMPTZ,
    last_seen_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE sign_in_requests (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT,
    email VARCHAR(254) NOT NULL,
    link_hash VARCHAR(64) NOT NULL UNIQUE,
    code_hash TEXT NOT NULL,
    browser_hash VARCHAR(64) NOT NULL,
    next VARCHAR(512) NOT NULL,
    tries INTEGER NOT NULL,
    expires_at TIMESTAMPTZ,
    used_at TIMESTAMPTZ,
    used_by BIGINT,
    created_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE rate_limits (
    count INTEGER NOT NULL,
    key VARCHAR(64) PRIMARY KEY,
    expires_at TIMESTAMPTZ
);

CREATE TABLE mails (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT,
    public_id VARCHAR(22) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    dedupe_key VARCHAR(120) NOT NULL,
    message_id VARCHAR(200) NOT NULL,
    recipient VARCHAR(254) NOT NULL,
    sender VARCHAR(400) NOT NULL,
    reply_to VARCHAR(254),
    language VARCHAR(20) NOT NULL,
    subject VARCHAR(300) NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    sealed BOOLEAN NOT NULL,
    state VARCHAR(12) NOT NULL,
    tries INTEGER NOT NULL,
    next_try_at TIMESTAMPTZ,
    leased_until TIMESTAMPTZ,
    expires_at TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    last_error TEXT,
    created_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE webhook_events (
    id {serial},
    vendor_id BIGINT NOT NULL,
    source VARCHAR(20) NOT NULL,
    event_id VARCHAR(100) NOT NULL,
    event_type VARCHAR(100) NOT NULL,
    body TEXT NOT NULL,
    status VARCHAR(12) NOT NULL,
    waiting_for VARCHAR(100),
    outcome TEXT,
    error TEXT,
    tries INTEGER NOT NULL,
    next_try_at TIMESTAMPTZ,
    leased_until TIMESTAMPTZ,
    received_at TIMESTAMPTZ,
    processed_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);

CREATE TABLE leases (
    name VARCHAR(60) PRIMARY KEY,
    due_at TIMESTAMPTZ
);

CREATE TABLE pictures (
    id {serial},
    vendor_id BIGINT NOT NULL,
    source_url VARCHAR(1000) NOT NULL,
    path VARCHAR(80),
    width INTEGER,
    height INTEGER,
    tries INTEGER NOT NULL,
    next_try_at TIMESTAMPTZ,
    error VARCHAR(300),
    fetched_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);

CREATE TABLE orders (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL,
    deleted_at TIMESTAMPTZ,
    customer_id BIGINT NOT NULL,
    number VARCHAR(64) NOT NULL,
    order_type VARCHAR(30) NOT NULL,
    placed_at TIMESTAMPTZ,
    currency VARCHAR(3) NOT NULL,
    total BIGINT,
    tax BIGINT,
    billing_status VARCHAR(30) NOT NULL,
    service_status VARCHAR(30) NOT NULL,
    summary VARCHAR(300) NOT NULL,
    in_trial BOOLEAN NOT NULL,
    trial_end_at TIMESTAMPTZ,
    next_charge_at TIMESTAMPTZ,
    renewal_at TIMESTAMPTZ,
    paid_until TIMESTAMPTZ,
    activated_at TIMESTAMPTZ,
    canceled_at TIMESTAMPTZ,
    churned_at TIMESTAMPTZ,
    cancel_reason VARCHAR(200),
    payment_processor VARCHAR(40),
    payment_method VARCHAR(80),
    shipping_address TEXT NOT NULL,
    billing_address TEXT NOT NULL,
    UNIQUE (vendor_id, clickfunnels_id),
    UNIQUE (vendor_id, id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE order_lines (
    id {serial},
    vendor_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    position INTEGER NOT NULL,
    product_name VARCHAR(200) NOT NULL,
    variant_name VARCHAR(200) NOT NULL,
    sku VARCHAR(80),
    quantity INTEGER NOT NULL,
    amount BIGINT,
    currency VARCHAR(3) NOT NULL,
    interval VARCHAR(20),
    interval_count INTEGER,
    duration INTEGER,
    product_clickfunnels_id VARCHAR(64),
    variant_clickfunnels_id VARCHAR(64),
    price_clickfunnels_id VARCHAR(64),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, order_id) REFERENCES orders (vendor_id, id)
);

CREATE TABLE subscriptions (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL UNIQUE,
    public_id VARCHAR(22) NOT NULL,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id),
    FOREIGN KEY (vendor_id, order_id) REFERENCES orders (vendor_id, id)
);

CREATE TABLE invoices (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL,
    deleted_at TIMESTAMPTZ,
    order_id BIGINT NOT NULL,
    number VARCHAR(64) NOT NULL,
    invoice_type VARCHAR(30) NOT NULL,
    status VARCHAR(30) NOT NULL,
    currency VARCHAR(3) NOT NULL,
    subtotal BIGINT,
    tax BIGINT,
    shipping BIGINT,
    discount BIGINT,
    total BIGINT,
    due BIGINT,
    issued_at TIMESTAMPTZ,
    due_at TIMESTAMPTZ,
    paid_at TIMESTAMPTZ,
    UNIQUE (vendor_id, clickfunnels_id),
    UNIQUE (vendor_id, id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, order_id) REFERENCES orders (vendor_id, id)
);

CREATE TABLE invoice_lines (
    id {serial},
    vendor_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    position INTEGER NOT NULL,
    description VARCHAR(300) NOT NULL,
    quantity INTEGER NOT NULL,
    amount BIGINT,
    discount BIGINT,
    tax BIGINT,
    currency VARCHAR(3) NOT NULL,
    period_start_at TIMESTAMPTZ,
    period_end_at TIMESTAMPTZ,
    fulfillment_status VARCHAR(30),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, invoice_id) REFERENCES invoices (vendor_id, id)
);

CREATE TABLE payments (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL,
    deleted_at TIMESTAMPTZ,
    order_id BIGINT NOT NULL,
    kind VARCHAR(30) NOT NULL,
    status VARCHAR(30) NOT NULL,
    result VARCHAR(30) NOT NULL,
    reason VARCHAR(300),
    amount BIGINT,
    currency VARCHAR(3) NOT NULL,
    adjusts_clickfunnels_id VARCHAR(64),
    made_at TIMESTAMPTZ,
    UNIQUE (vendor_id, clickfunnels_id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, order_id) REFERENCES orders (vendor_id, id)
);

CREATE TABLE credit_memos (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    number VARCHAR(80) NOT NULL,
    source VARCHAR(80) NOT NULL,
    amount BIGINT,
    currency VARCHAR(3) NOT NULL,
    reason VARCHAR(300),
    issued_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id),
    FOREIGN KEY (vendor_id, order_id) REFERENCES orders (vendor_id, id)
);

CREATE TABLE parcels (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL,
    deleted_at TIMESTAMPTZ,
    number VARCHAR(64) NOT NULL,
    status VARCHAR(30) NOT NULL,
    carrier VARCHAR(120),
    tracking_code VARCHAR(120),
    tracking_url VARCHAR(500),
    sent_at TIMESTAMPTZ,
    UNIQUE (vendor_id, clickfunnels_id),
    UNIQUE (vendor_id, id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);

CREATE TABLE parcel_lines (
    id {serial},
    vendor_id BIGINT NOT NULL,
    parcel_id BIGINT NOT NULL,
    invoice_line_clickfunnels_id VARCHAR(64) NOT NULL,
    quantity INTEGER NOT NULL,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, parcel_id) REFERENCES parcels (vendor_id, id)
);

CREATE TABLE addresses (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    public_id VARCHAR(22) NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    first_name VARCHAR(120) NOT NULL,
    last_name VARCHAR(120) NOT NULL,
    organization_name VARCHAR(200) NOT NULL,
    street_one VARCHAR(200) NOT NULL,
    street_two VARCHAR(200) NOT NULL,
    city VARCHAR(120) NOT NULL,
    region VARCHAR(120) NOT NULL,
    postal_code VARCHAR(40) NOT NULL,
    country VARCHAR(80) NOT NULL,
    created_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE phone_numbers (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    public_id VARCHAR(22) NOT NULL,
    number VARCHAR(40) NOT NULL,
    digits VARCHAR(40) NOT NULL,
    origin VARCHAR(20) NOT NULL,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE payment_methods (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    public_id VARCHAR(22) NOT NULL,
    processor VARCHAR(40) NOT NULL,
    reference VARCHAR(80) NOT NULL,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE products (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL,
    deleted_at TIMESTAMPTZ,
    name VARCHAR(200) NOT NULL,
    archived BOOLEAN NOT NULL,
    visible_in_customer_center BOOLEAN NOT NULL,
    UNIQUE (vendor_id, clickfunnels_id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);

CREATE TABLE variants (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL,
    deleted_at TIMESTAMPTZ,
    product_clickfunnels_id VARCHAR(64),
    name VARCHAR(200) NOT NULL,
    description TEXT,
    sku VARCHAR(80),
    product_type VARCHAR(20),
    archived BOOLEAN NOT NULL,
    UNIQUE (vendor_id, clickfunnels_id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);

CREATE TABLE courses (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL,
    deleted_at TIMESTAMPTZ,
    public_id VARCHAR(22) NOT NULL,
    title VARCHAR(200) NOT NULL,
    description TEXT NOT NULL,
    picture_url VARCHAR(1000),
    picture_alt VARCHAR(200) NOT NULL,
    root_section_clickfunnels_id VARCHAR(64),
    show_in_center BOOLEAN NOT NULL,
    upgrade_url VARCHAR(1000),
    published_at TIMESTAMPTZ,
    UNIQUE (vendor_id, clickfunnels_id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);

CREATE TABLE sections (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL,
    deleted_at TIMESTAMPTZ,
    public_id VARCHAR(22) NOT NULL,
    course_clickfunnels_id VARCHAR(64),
    parent_clickfunnels_id VARCHAR(64),
    title VARCHAR(200) NOT NULL,
    description TEXT NOT NULL,
    position INTEGER NOT NULL,
    days_till_drip_access INTEGER,
    blocker_section_clickfunnels_id VARCHAR(64),
    blocker_lesson_clickfunnels_id VARCHAR(64),
    hidden_from_non_members BOOLEAN NOT NULL,
    upgrade_url VARCHAR(1000),
    published_at TIMESTAMPTZ,
    UNIQUE (vendor_id, clickfunnels_id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);

CREATE TABLE lessons (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL,
    deleted_at TIMESTAMPTZ,
    public_id VARCHAR(22) NOT NULL,
    section_clickfunnels_id VARCHAR(64),
    title VARCHAR(200) NOT NULL,
    body TEXT NOT NULL,
    position INTEGER NOT NULL,
    published_at TIMESTAMPTZ,
    UNIQUE (vendor_id, clickfunnels_id),
    UNIQUE (vendor_id, id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);

CREATE TABLE lesson_files (
    id {serial},
    vendor_id BIGINT NOT NULL,
    lesson_id BIGINT NOT NULL,
    public_id VARCHAR(22) NOT NULL,
    name VARCHAR(200) NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    size BIGINT NOT NULL,
    position INTEGER NOT NULL,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, lesson_id) REFERENCES lessons (vendor_id, id)
);

CREATE TABLE enrollments (
    id {serial},
    vendor_id BIGINT NOT NULL,
    clickfunnels_id VARCHAR(64) NOT NULL,
    version VARCHAR(160) NOT NULL,
    deleted_at TIMESTAMPTZ,
    customer_id BIGINT NOT NULL,
    public_id VARCHAR(22) NOT NULL,
    course_clickfunnels_id VARCHAR(64) NOT NULL,
    order_clickfunnels_id VARCHAR(64),
    suspended BOOLEAN NOT NULL,
    suspension_reason VARCHAR(300),
    enrolled_at TIMESTAMPTZ,
    course_completed_at TIMESTAMPTZ,
    UNIQUE (vendor_id, clickfunnels_id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE completions (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    lesson_clickfunnels_id VARCHAR(64) NOT NULL,
    completed_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
)
"""

INDEXES = """
CREATE UNIQUE INDEX customers_email ON customers (vendor_id, email)
CREATE INDEX contacts_customer ON contacts (vendor_id, customer_id)
CREATE INDEX sessions_customer ON sessions (vendor_id, customer_id)
CREATE INDEX sessions_expiry ON sessions (expires_at)
CREATE INDEX sign_in_requests_browser ON sign_in_requests (vendor_id, browser_hash, id)
CREATE INDEX sign_in_requests_customer ON sign_in_requests (vendor_id, customer_id)
CREATE INDEX sign_in_requests_expiry ON sign_in_requests (expires_at)
CREATE INDEX rate_limits_expiry ON rate_limits (expires_at)
CREATE UNIQUE INDEX mails_dedupe ON mails (vendor_id, dedupe_key)
CREATE UNIQUE INDEX mails_public_id ON mails (vendor_id, public_id)
CREATE INDEX mails_due ON mails (state, next_try_at)
CREATE INDEX mails_customer ON mails (vendor_id, customer_id, id)
CREATE UNIQUE INDEX webhook_events_event ON webhook_events (vendor_id, source, event_id)
CREATE INDEX webhook_events_due ON webhook_events (status, next_try_at)
CREATE INDEX webhook_events_parked ON webhook_events (vendor_id, status, waiting_for)
CREATE UNIQUE INDEX pictures_source ON pictures (vendor_id, source_url)
CREATE INDEX pictures_due ON pictures (next_try_at) WHERE path IS NULL
CREATE UNIQUE INDEX orders_number ON orders (vendor_id, number)
CREATE INDEX orders_customer ON orders (vendor_id, customer_id, placed_at DESC, id DESC)
CREATE INDEX orders_payment_method ON orders (vendor_id, customer_id, payment_method)
CREATE INDEX order_lines_order ON order_lines (vendor_id, order_id, position)
CREATE UNIQUE INDEX subscriptions_public_id ON subscriptions (vendor_id, public_id)
CREATE INDEX subscriptions_customer ON subscriptions (vendor_id, customer_id, id)
CREATE INDEX invoices_order ON invoices (vendor_id, order_id)
CREATE INDEX invoice_lines_invoice ON invoice_lines (vendor_id, invoice_id, position)
CREATE INDEX invoice_lines_clickfunnels ON invoice_lines (vendor_id, clickfunnels_id)
CREATE INDEX payments_order ON payments (vendor_id, order_id)
CREATE UNIQUE INDEX credit_memos_number ON credit_memos (vendor_id, number)
CREATE INDEX credit_memos_order ON credit_memos (vendor_id, order_id)
CREATE INDEX credit_memos_customer ON credit_memos (vendor_id, customer_id, id)
CREATE INDEX parcel_lines_parcel ON parcel_lines (vendor_id, parcel_id)
CREATE INDEX parcel_lines_invoice_line ON parcel_lines (vendor_id, invoice_line_clickfunnels_id)
CREATE UNIQUE INDEX addresses_fingerprint ON addresses (vendor_id, customer_id, fingerprint)
CREATE UNIQUE INDEX addresses_public_id ON addresses (vendor_id, public_id)
CREATE UNIQUE INDEX phone_numbers_digits ON phone_numbers (vendor_id, customer_id, digits)
CREATE UNIQUE INDEX payment_methods_reference ON payment_methods (vendor_id, customer_id, reference)
CREATE UNIQUE INDEX courses_public_id ON courses (vendor_id, public_id)
CREATE INDEX sections_course ON sections (vendor_id, course_clickfunnels_id)
CREATE UNIQUE INDEX lessons_public_id ON lessons (vendor_id, public_id)
CREATE INDEX lessons_section ON lessons (vendor_id, section_clickfunnels_id)
CREATE UNIQUE INDEX lesson_files_public_id ON lesson_files (vendor_id, public_id)
CREATE INDEX lesson_files_lesson ON lesson_files (vendor_id, lesson_id, position)
CREATE INDEX enrollments_customer ON enrollments (vendor_id, customer_id, id)
CREATE UNIQUE INDEX completions_lesson ON completions (vendor_id, customer_id, lesson_clickfunnels_id)
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="customer_center", description=DESCRIPTION)

    async def create() -> None:
        sqlite = database.engine.engine_type == "sqlite"
        # AUTOINCREMENT: an id is never given twice, even when the newest row was deleted, as on PostgreSQL.
        serial = (
            "INTEGER PRIMARY KEY AUTOINCREMENT" if sqlite else "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
        )
        for statement in TABLES.replace("{serial}", serial).split(";"):
            await database.engine.run_ddl(statement.strip())
        for statement in INDEXES.strip().splitlines():
            await database.engine.run_ddl(statement)

    manager.add_raw(create)
    return manager
