"""The emulator's tables, as the steps that made them: a new file takes all of them, an older one those it lacks."""

FIRST = """
CREATE TABLE counter (change INTEGER NOT NULL);
INSERT INTO counter VALUES (0);

CREATE TABLE phones (wa_id TEXT PRIMARY KEY, name TEXT NOT NULL);

-- One phone's talk with one business number. `change` is the counter's value at the last change worth showing.
CREATE TABLE chats (
    id INTEGER PRIMARY KEY,
    phone_number_id TEXT NOT NULL,
    wa_id TEXT NOT NULL REFERENCES phones,
    typing_until REAL NOT NULL DEFAULT 0,
    change INTEGER NOT NULL,
    UNIQUE (phone_number_id, wa_id)
);
CREATE INDEX chats_changed ON chats (change);

-- sender is 'business' or 'person'; payload is the message as the Graph API or the webhook spells it.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats,
    wamid TEXT NOT NULL UNIQUE,
    sender TEXT NOT NULL,
    payload TEXT NOT NULL,
    context_wamid TEXT,
    callback_data TEXT,
    receipts INTEGER NOT NULL DEFAULT 1,
    at REAL NOT NULL,
    status TEXT NOT NULL,
    change INTEGER NOT NULL
);
CREATE INDEX messages_of_chat ON messages (chat_id, id);
CREATE INDEX messages_changed ON messages (chat_id, change);

CREATE TABLE statuses (
    message_id INTEGER NOT NULL REFERENCES messages,
    status TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (message_id, status)
);

-- What must be delivered to the server, and what became of it. Webhooks of one lane go out in order of id.
CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY,
    lane TEXT NOT NULL,
    about TEXT NOT NULL,
    message_id INTEGER REFERENCES messages,
    body BLOB NOT NULL,
    created_at REAL NOT NULL,
    next_try_at REAL,               -- NULL once settled
    tries INTEGER NOT NULL DEFAULT 0,
    refusals INTEGER NOT NULL DEFAULT 0,
    delivered_at REAL,
    http_status INTEGER,            -- of the last try; NULL when nobody answered
    milliseconds REAL,
    problem TEXT
);
CREATE INDEX webhooks_waiting ON webhooks (lane, id) WHERE next_try_at IS NOT NULL;
CREATE INDEX webhooks_due ON webhooks (next_try_at) WHERE next_try_at IS NOT NULL;

-- Every Graph call, for tests to assert on.
CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    path TEXT NOT NULL,
    phone_number_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT,
    payload TEXT NOT NULL,
    http_status INTEGER,            -- NULL: never answered
    error_code INTEGER,
    wamid TEXT,
    fault INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE media (id TEXT PRIMARY KEY, mime_type TEXT NOT NULL, sha256 TEXT NOT NULL, content BLOB NOT NULL);
"""

ACCOUNTS_TEMPLATES_AND_UPLOADS = """
ALTER TABLE phones ADD COLUMN username TEXT;
-- 1: businesses learn the user id alone, never the number.
ALTER TABLE phones ADD COLUMN hides_number INTEGER NOT NULL DEFAULT 0;
-- How often the person's user ids were exchanged: part of what they are made from.
ALTER TABLE phones ADD COLUMN identity INTEGER NOT NULL DEFAULT 0;

ALTER TABLE chats ADD COLUMN user_id TEXT;           -- business-scoped; NULL: made when the emulator starts
ALTER TABLE chats ADD COLUMN wrote_at REAL;          -- opens the customer service window
ALTER TABLE chats ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;            -- the person blocks the business
ALTER TABLE chats ADD COLUMN barred INTEGER NOT NULL DEFAULT 0;             -- the business blocks the person
ALTER TABLE chats ADD COLUMN marketing_stopped INTEGER NOT NULL DEFAULT 0;
CREATE INDEX chats_of_user ON chats (user_id);
UPDATE chats SET wrote_at = (SELECT max(at) FROM messages WHERE chat_id = chats.id AND sender = 'person');

ALTER TABLE media ADD COLUMN phone_number_id TEXT NOT NULL DEFAULT '';      -- whose it is
ALTER TABLE media ADD COLUMN file_name TEXT;
ALTER TABLE media ADD COLUMN expires_at REAL;                               -- NULL: as old files, never

-- A resumable upload. `handle` is what it is called once complete.
CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    file_name TEXT NOT NULL,
    file_type TEXT NOT NULL,
    file_length INTEGER NOT NULL,
    content BLOB NOT NULL,
    handle TEXT
);

CREATE TABLE templates (
    id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    category TEXT NOT NULL,
    parameter_format TEXT NOT NULL,
    components TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT 'NONE',
    quality TEXT NOT NULL DEFAULT 'UNKNOWN',
    time_to_live INTEGER,
    from_file INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account_id, name, language)
);

-- What an API may change about numbers and accounts: quality, limits, profile, subscriptions.
CREATE TABLE account_facts (id TEXT PRIMARY KEY, facts TEXT NOT NULL);

-- Statuses of the business's messages that are still to come.
CREATE TABLE coming_statuses (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES messages,
    step TEXT NOT NULL,
    due_at REAL NOT NULL
);
CREATE INDEX coming_statuses_due ON coming_statuses (due_at);

-- A webhook that waits for company, so that several go out as one or in another order.
ALTER TABLE webhooks ADD COLUMN held_until REAL;
ALTER TABLE webhooks ADD COLUMN also TEXT NOT NULL DEFAULT '[]';            -- further messages it is about
CREATE INDEX webhooks_held ON webhooks (held_until) WHERE held_until IS NOT NULL;
"""

REMARKS = """
-- The message that a reaction, an edit or a deletion is about; NULL for all others.
ALTER TABLE messages ADD COLUMN about_wamid TEXT GENERATED ALWAYS AS (coalesce(
    json_extract(payload, '$.reaction.message_id'),
    json_extract(payload, '$.edit.original_message_id'),
    json_extract(payload, '$.revoke.original_message_id')
)) VIRTUAL;
CREATE INDEX messages_about ON messages (about_wamid);
"""

# The version of a file is how many of these it has.
STEPS = (FIRST, ACCOUNTS_TEMPLATES_AND_UPLOADS, REMARKS)
