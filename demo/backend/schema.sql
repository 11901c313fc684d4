-- The demo backend's data: two businesses, their people, what they carry and what they sell.

CREATE TABLE IF NOT EXISTS businesses (
    slug     TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    currency TEXT NOT NULL,
    timezone TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS customers (
    business TEXT NOT NULL REFERENCES businesses,
    phone    TEXT NOT NULL,
    name     TEXT NOT NULL,
    PRIMARY KEY (business, phone)
);

CREATE TABLE IF NOT EXISTS couriers (
    id       TEXT PRIMARY KEY,
    business TEXT NOT NULL REFERENCES businesses,
    name     TEXT NOT NULL,
    phone    TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS missions (
    code            TEXT PRIMARY KEY,
    business        TEXT NOT NULL,
    customer_phone  TEXT NOT NULL,
    status          TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    pickup_address  TEXT,
    dropoff_address TEXT,
    recipient_name  TEXT,
    recipient_phone TEXT,
    value           TEXT,
    courier         TEXT REFERENCES couriers,
    FOREIGN KEY (business, customer_phone) REFERENCES customers
);

CREATE INDEX IF NOT EXISTS missions_of_customer ON missions (business, customer_phone, created_at);

CREATE TABLE IF NOT EXISTS steps (
    mission    TEXT NOT NULL REFERENCES missions,
    status     TEXT NOT NULL,
    reached_at TEXT NOT NULL,
    PRIMARY KEY (mission, status)
);

CREATE TABLE IF NOT EXISTS merchants (
    id       TEXT PRIMARY KEY,
    business TEXT NOT NULL REFERENCES businesses,
    name     TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS products (
    id          TEXT PRIMARY KEY,
    business    TEXT NOT NULL REFERENCES businesses,
    merchant    TEXT NOT NULL REFERENCES merchants,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    price       TEXT NOT NULL,
    available   INTEGER NOT NULL
);
