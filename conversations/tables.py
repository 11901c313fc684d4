"""The tables of two-way talk: what arrived, its turns, and the buttons that were offered."""

import sqlalchemy as sa

from storage.tables import business_column, metadata
from storage.types import Id, Json, UtcDateTime, one_of

inbound_messages = sa.Table(
    "inbound_messages",
    metadata,
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id")),
    sa.Column("phone_number_id", sa.String(64), nullable=False),
    sa.Column("wamid", sa.Text, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("raw", Json, nullable=False),
    sa.Column("sent_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("phone_number_id", "wamid"),
    sa.Index(None, "conversation_id"),
)

channel_events = sa.Table(
    "channel_events",
    metadata,
    # What a webhook brought beside messages and receipts, and what found no place: each a webhook body of its own.
    sa.Column("id", Id, primary_key=True),
    sa.Column("business_id", Id, sa.ForeignKey("businesses.id")),
    sa.Column("phone_number_id", sa.String(64)),
    sa.Column("field", sa.Text, nullable=False),
    # Why it is here and not where it belongs; null for news that we only keep.
    sa.Column("problem", sa.Text),
    sa.Column("raw", Json, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    # When a replay found its place after all.
    sa.Column("replayed_at", UtcDateTime),
    sa.Index(
        "ix_channel_events_open",
        "field",
        "id",
        postgresql_where=sa.text("problem IS NOT NULL AND replayed_at IS NULL"),
        sqlite_where=sa.text("problem IS NOT NULL AND replayed_at IS NULL"),
    ),
)

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("inbound_message_id", Id, sa.ForeignKey("inbound_messages.id"), nullable=False, unique=True),
    # What the bot or the services are to answer: see conversations.turn_input.
    sa.Column("input", Json, nullable=False),
    # waiting, running, done, parked (given up, see `error`), summed_up (too old at recovery), withdrawn (its message
    # was deleted before anybody answered), to_human (a human answers it)
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text),
    # The person's order: WhatsApp's timestamp, then arrival (the id).
    sa.Column("sent_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("started_at", UtcDateTime),
    sa.Column("finished_at", UtcDateTime),
    sa.Index(
        "uq_turns_one_running",
        "conversation_id",
        unique=True,
        postgresql_where=one_of("status", "running"),
        sqlite_where=one_of("status", "running"),
    ),
    sa.Index(
        "ix_turns_parked",
        "id",
        postgresql_where=one_of("status", "parked"),
        sqlite_where=one_of("status", "parked"),
    ),
    sa.Index(
        "ix_turns_open",
        "conversation_id",
        "sent_at",
        "id",
        postgresql_where=one_of("status", "waiting", "running"),
        sqlite_where=one_of("status", "waiting", "running"),
    ),
)

TURN_IS_OPEN = one_of("turns.status", "waiting", "running")
"""The condition of ix_turns_open, for queries."""

TURN_IS_PARKED = one_of("turns.status", "parked")
"""The condition of ix_turns_parked, for queries."""

turn_events = sa.Table(
    "turn_events",
    metadata,
    sa.Column("turn_id", Id, sa.ForeignKey("turns.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    business_column(),
    sa.Column("event", Json, nullable=False),
)

reply_tokens = sa.Table(
    "reply_tokens",
    metadata,
    # What a button or list row means, known to us alone: the wire carries only the token.
    sa.Column("token", sa.String(32), primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    # What the bot is told: an intent and its entities, or words to understand. All null for a row that only shows more.
    sa.Column("intent", sa.Text),
    sa.Column("entities", Json),
    sa.Column("words", sa.Text),
    # What the services show without the bot: a response with the options that found no room.
    sa.Column("page", Json),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Index(None, "expires_at"),
)

unasked = sa.Table(
    "unasked",
    metadata,
    # What the bot said by itself, by the id it gave it: the same one again changes nothing.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Index(None, "conversation_id"),
)

tracking_links = sa.Table(
    "tracking_links",
    metadata,
    # Deliveries that their customer shows to others. The token is the address, and all it takes to read the page.
    sa.Column("token", sa.String(32), primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Index(None, "conversation_id", "code"),
    sa.Index(None, "expires_at"),
)

received_media = sa.Table(
    "received_media",
    metadata,
    # Files people sent: fetched from WhatsApp before their ids expire, and kept in our own storage.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("inbound_message_id", Id, sa.ForeignKey("inbound_messages.id"), nullable=False),
    sa.Column("phone_number_id", sa.String(64), nullable=False),
    sa.Column("media_id", sa.Text, nullable=False),
    # image, video, audio, document, sticker
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("is_voice", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("mime_type", sa.Text),
    # As WhatsApp announced it: base64 of 32 bytes.
    sa.Column("sha256", sa.Text),
    # As the sender named it; never a path of ours.
    sa.Column("filename", sa.Text),
    # waiting (for WhatsApp), unheard (here, and to be written down), stored, gone (WhatsApp no longer has it),
    # refused (too large, not what it came as), failed
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("storage_key", sa.Text),
    sa.Column("size_bytes", sa.Integer),
    sa.Column("transcript", sa.Text),
    sa.Column("run_at", UtcDateTime, nullable=False),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("stored_at", UtcDateTime),
    sa.Index(None, "inbound_message_id"),
    sa.Index(
        "ix_received_media_open",
        "run_at",
        "id",
        postgresql_where=one_of("status", "waiting", "unheard"),
        sqlite_where=one_of("status", "waiting", "unheard"),
    ),
)

MEDIA_IS_OPEN = one_of("received_media.status", "waiting", "unheard")
"""The condition of ix_received_media_open, for queries."""

handoffs = sa.Table(
    "handoffs",
    metadata,
    # Talks that a human of the business is to take up, or has: each with what the bot knew.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), nullable=False),
    # The turn in which it was asked for; no reference, for the page that shows it needs none. Null where nobody asked.
    sa.Column("turn_id", Id),
    # asked (the person did), lost (the bot did not understand three times), taken (an agent came unasked), app
    # (somebody of the business wrote from the WhatsApp Business app)
    sa.Column("reason", sa.String(16), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    # See actions/handover: last wishes, the open form with its answers, what was on the screen.
    sa.Column("summary", Json, nullable=False),
    # waiting (the bot still answers), human, closing (the human is done; the person may still object), closed
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("priority", sa.SmallInteger, nullable=False, server_default="0"),
    # Who has it, of those who work at the desk; no reference, for they are kept elsewhere. Null for the app.
    sa.Column("agent_id", Id),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    # When the person last asked while it waited: the summary is of that moment.
    sa.Column("repeated_at", UtcDateTime),
    sa.Column("taken_at", UtcDateTime),
    # What the person wrote last that no human has answered.
    sa.Column("unanswered_since", UtcDateTime),
    # When the bot answers again, unless something is said before (database clock).
    sa.Column("returns_at", UtcDateTime),
    sa.Column("closed_at", UtcDateTime),
    # agent, silence (nobody said anything for long), nobody (no human answered), elsewhere (taken up without the desk)
    sa.Column("ended_by", sa.String(16)),
    sa.Index(None, "conversation_id"),
    sa.Index(
        "ix_handoffs_open",
        "business_id",
        "asked_at",
        postgresql_where=one_of("state", "waiting", "human", "closing"),
        sqlite_where=one_of("state", "waiting", "human", "closing"),
    ),
    sa.Index(
        "ix_handoffs_returns",
        "returns_at",
        postgresql_where=sa.text("returns_at IS NOT NULL"),
        sqlite_where=sa.text("returns_at IS NOT NULL"),
    ),
)

HANDOFF_IS_OPEN = one_of("handoffs.state", "waiting", "human", "closing")
"""The condition of ix_handoffs_open, for queries."""

erasures = sa.Table(
    "erasures",
    metadata,
    # Wishes to be forgotten, and what came of them: the one line that stays. Nothing of a person stands in it.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id"), nullable=False),
    # person (in the chat), operator (on the command line), api (the business's own system), expiry (a guest's link
    # ended a while ago)
    sa.Column("asked_by", sa.String(16), nullable=False),
    # The wish: the same one again is the same row.
    sa.Column("wish_id", sa.String(64), nullable=False),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("run_at", UtcDateTime, nullable=False),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    # Why the last try did not do.
    sa.Column("problem", sa.Text),
    sa.Column("done_at", UtcDateTime),
    # How many rows went, by table.
    sa.Column("removed", Json),
    sa.UniqueConstraint("business_id", "wish_id"),
    sa.Index(
        "ix_erasures_open",
        "run_at",
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    ),
)
