-- The demo backend's data: businesses, their people, what they carry and what they sell.
-- A change of it needs a new SCHEMA_VERSION in store.py; older files are then planted anew.

CREATE TABLE businesses (
    slug     TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    currency TEXT NOT NULL,
    timezone TEXT NOT NULL,
    terms    TEXT NOT NULL -- JSON: zones, tariff, payment options
);

CREATE TABLE customers (
    business TEXT NOT NULL REFERENCES businesses,
    phone    TEXT NOT NULL,
    name     TEXT NOT NULL,
    PRIMARY KEY (business, phone)
);

CREATE TABLE couriers (
    id       TEXT PRIMARY KEY,
    business TEXT NOT NULL REFERENCES businesses,
    name     TEXT NOT NULL,
    phone    TEXT NOT NULL
);

CREATE TABLE missions (
    code             TEXT PRIMARY KEY,
    business         TEXT NOT NULL,
    customer_phone   TEXT NOT NULL,
    status           TEXT NOT NULL,
    created_at       TEXT NOT NULL,
    pickup           TEXT NOT NULL, -- JSON: address, location
    dropoff          TEXT NOT NULL, -- JSON: address, location
    pickup_point     TEXT NOT NULL, -- JSON: where that is on the map, as far as we know
    dropoff_point    TEXT NOT NULL,
    recipient_name   TEXT,
    recipient_phone  TEXT,
    value            TEXT,
    note             TEXT,
    price            TEXT,
    road_minutes     INTEGER NOT NULL, -- from pickup to dropoff
    ready_minutes    INTEGER NOT NULL, -- before the courier can have it
    delay_reason     TEXT,
    delay_minutes    INTEGER,
    courier          TEXT REFERENCES couriers,
    FOREIGN KEY (business, customer_phone) REFERENCES customers
);

CREATE INDEX missions_of_customer ON missions (business, customer_phone, created_at);

CREATE TABLE steps (
    mission    TEXT NOT NULL REFERENCES missions,
    status     TEXT NOT NULL,
    reached_at TEXT NOT NULL,
    PRIMARY KEY (mission, status)
);

CREATE TABLE categories (
    id       TEXT NOT NULL,
    business TEXT NOT NULL REFERENCES businesses,
    name     TEXT NOT NULL,
    names    TEXT NOT NULL,   -- JSON: the same by language
    PRIMARY KEY (business, id)
);

CREATE TABLE merchants (
    id                  TEXT PRIMARY KEY,
    business            TEXT NOT NULL REFERENCES businesses,
    category            TEXT NOT NULL,
    name                TEXT NOT NULL,
    description         TEXT NOT NULL,
    address             TEXT NOT NULL,
    phone               TEXT NOT NULL,
    hours               TEXT NOT NULL, -- JSON: days to hours
    minimum             TEXT,
    preparation_minutes INTEGER NOT NULL,
    opened              INTEGER, -- 1 or 0 where somebody overruled the hours
    FOREIGN KEY (business, category) REFERENCES categories
);

CREATE TABLE products (
    id          TEXT PRIMARY KEY,
    business    TEXT NOT NULL REFERENCES businesses,
    merchant    TEXT NOT NULL REFERENCES merchants,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    price       TEXT NOT NULL,
    available   INTEGER NOT NULL,
    in_stock    INTEGER CHECK (in_stock >= 0), -- null where nobody counts
    options     TEXT NOT NULL -- JSON, as in the seed
);

CREATE TABLE promo_codes (
    business     TEXT NOT NULL REFERENCES businesses,
    code         TEXT NOT NULL,
    terms        TEXT NOT NULL, -- JSON, as in the seed
    PRIMARY KEY (business, code)
);

CREATE TABLE orders (
    code           TEXT PRIMARY KEY,
    business       TEXT NOT NULL,
    customer_phone TEXT NOT NULL,
    created_at     TEXT NOT NULL,
    mission        TEXT NOT NULL UNIQUE REFERENCES missions,
    merchant       TEXT NOT NULL REFERENCES merchants,
    lines          TEXT NOT NULL, -- JSON, priced
    subtotal       TEXT NOT NULL,
    discount       TEXT NOT NULL,
    delivery_fee   TEXT NOT NULL,
    promo_code     TEXT,
    FOREIGN KEY (business, customer_phone) REFERENCES customers
);

CREATE INDEX orders_of_customer ON orders (business, customer_phone, created_at);

CREATE TABLE payments (
    about          TEXT PRIMARY KEY, -- code of a mission or an order
    business       TEXT NOT NULL,
    customer_phone TEXT NOT NULL,
    method         TEXT NOT NULL,
    provider       TEXT,
    status         TEXT NOT NULL,
    amount         TEXT NOT NULL,
    reference      TEXT,
    paid_at        TEXT,
    UNIQUE (business, reference)
);

CREATE TABLE claims (
    id             TEXT PRIMARY KEY,
    about          TEXT NOT NULL,
    business       TEXT NOT NULL,
    customer_phone TEXT NOT NULL,
    kind           TEXT NOT NULL,
    status         TEXT NOT NULL,
    created_at     TEXT NOT NULL,
    updated_at     TEXT NOT NULL,
    description    TEXT,
    media          TEXT NOT NULL, -- JSON
    answer         TEXT,
    refund         TEXT
);

CREATE INDEX claims_of_customer ON claims (business, customer_phone, created_at);

CREATE TABLE ratings (
    about          TEXT PRIMARY KEY,
    business       TEXT NOT NULL,
    customer_phone TEXT NOT NULL,
    score          INTEGER NOT NULL,
    comment        TEXT,
    rated_at       TEXT NOT NULL
);

-- What was answered to which key, so that the same write is done once.
CREATE TABLE answers (
    business       TEXT NOT NULL,
    customer_phone TEXT NOT NULL,
    key            TEXT NOT NULL,
    request        TEXT NOT NULL, -- SHA-256 of what was asked
    status         INTEGER NOT NULL,
    body           TEXT NOT NULL,
    answered_at    TEXT NOT NULL,
    PRIMARY KEY (business, customer_phone, key)
);

-- What Relais is to be told, in this order; a row goes when it was told.
CREATE TABLE news (
    id          INTEGER PRIMARY KEY,
    business    TEXT NOT NULL REFERENCES businesses,
    kind        TEXT NOT NULL, -- mission, order or delay
    told        TEXT NOT NULL, -- JSON, as in the contract
    happened_at TEXT NOT NULL
);
