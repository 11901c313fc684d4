"""The tables of review: turns and talks made for reading, and what readers noted about them."""

import sqlalchemy as sa

from storage.references import WHEN_JOINED, Yields
from storage.tables import business_column, metadata
from storage.types import Id, Json, UtcDateTime

Stamp = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A turn's place in time, as one number (see `conversations.review.stamps`)."""


def _talk_column(*, primary_key: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey("conversations.id")
    return sa.Column("conversation_id", Id, key, primary_key=primary_key, nullable=False)


review_pending = sa.Table(
    "review_pending",
    metadata,
    # Turns that ended, or moved, since they were last projected: written by whoever ends them, in the same transaction.
    sa.Column("turn_id", Id, sa.ForeignKey("turns.id"), primary_key=True),
    business_column(),
    sa.Column("since", UtcDateTime, nullable=False),
)

review_turns = sa.Table(
    "review_turns",
    metadata,
    # One row for each turn that ended, of what filters ask; the rest is read from the turn's events when it is shown.
    sa.Column("stamp", Stamp, primary_key=True, autoincrement=False),
    business_column(),
    sa.Column("turn_id", Id, sa.ForeignKey("turns.id"), nullable=False, unique=True),
    _talk_column(),
    # What the person said, and its words as the search knows them (see `conversations.review.words`).
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    # The likeliest meaning, and how likely the likeliest real one is: null where nothing was to be understood.
    sa.Column("intent", sa.Text),
    sa.Column("confidence", sa.Float),
    sa.Column("is_fallback", sa.Boolean, nullable=False),
    # How much likelier the likeliest real meaning was than the next; null where there was no next.
    sa.Column("margin", sa.Float),
    # Whether somebody should say what was meant (see `conversations.review.unsure`).
    sa.Column("is_unsure", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("language", sa.String(8)),
    # As in turns.status
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("took_ms", sa.Integer),
    sa.Index("ix_review_turns_talk", "conversation_id", "stamp"),
    # Also for what is rarely so: how sure the bot was is read here, without the rows.
    sa.Index("ix_review_turns_newest", "business_id", "stamp", "confidence"),
    sa.Index("ix_review_turns_intent", "business_id", "intent", "stamp"),
    sa.Index(
        "ix_review_turns_fallback",
        "business_id",
        "stamp",
        postgresql_where=sa.text("is_fallback"),
        sqlite_where=sa.text("is_fallback = 1"),
    ),
    sa.Index(
        "ix_review_turns_unsure",
        "business_id",
        "stamp",
        postgresql_where=sa.text("is_unsure"),
        sqlite_where=sa.text("is_unsure = 1"),
    ),
)

FOR_SEARCH = "ix_review_turns_words", "review_words"
"""How the names begin of what migration 0008 makes for the search of `words`, each database in its own way: an index
over a tsvector on PostgreSQL, tables of FTS5 and triggers on SQLite. No table of ours tells of them."""

review_marks = sa.Table(
    "review_marks",
    metadata,
    # What occurred in a turn, by name: entity, action, slot.
    sa.Column("business_id", Id, sa.ForeignKey("businesses.id"), primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("name", sa.String(128), primary_key=True),
    sa.Column("stamp", Stamp, sa.ForeignKey("review_turns.stamp"), primary_key=True, autoincrement=False),
    sa.Index(None, "stamp"),
)

review_names = sa.Table(
    "review_names",
    metadata,
    # Every name that ever occurred, for the choices of a filter: intent, entity, action, slot, language.
    sa.Column("business_id", Id, sa.ForeignKey("businesses.id"), primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("name", sa.String(128), primary_key=True),
)

review_conversations = sa.Table(
    "review_conversations",
    metadata,
    # One row for each talk in which somebody wrote.
    _talk_column(primary_key=True),
    business_column(),
    sa.Column("phone_number_id", sa.String(64), nullable=False),
    sa.Column("language", sa.String(8)),
    sa.Column("last_stamp", Stamp, nullable=False),
    sa.Column("turn_count", sa.Integer, nullable=False),
    sa.Column("lowest_confidence", sa.Float),
    sa.Column("fallbacks", sa.Integer, nullable=False),
    # Turns that were given up.
    sa.Column("parked", sa.Integer, nullable=False),
    # unread, reviewed, saved (for later); what a person writes makes a reviewed one unread
    sa.Column("status", sa.String(16), nullable=False, server_default="unread"),
    sa.Column("is_flagged", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_review_conversations_newest", "business_id", "last_stamp"),
    sa.Index("ix_review_conversations_status", "business_id", "status", "last_stamp"),
    sa.Index(
        "ix_review_conversations_flagged",
        "business_id",
        "last_stamp",
        postgresql_where=sa.text("is_flagged"),
        sqlite_where=sa.text("is_flagged = 1"),
    ),
    # Of two talks that become one, the one that goes on keeps what was made of it.
    info={WHEN_JOINED: Yields(same=())},
)


review_tags = sa.Table(
    "review_tags",
    metadata,
    # A business's own words for kinds of talks.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("name", sa.String(40), nullable=False),
    # grey, red, orange, green, blue, purple
    sa.Column("colour", sa.String(16), nullable=False),
    sa.UniqueConstraint("business_id", "name"),
)

review_tagged = sa.Table(
    "review_tagged",
    metadata,
    _talk_column(primary_key=True),
    sa.Column("tag_id", Id, sa.ForeignKey("review_tags.id"), primary_key=True),
    business_column(),
    sa.Index(None, "tag_id"),
    info={WHEN_JOINED: Yields(same=("tag_id",))},
)

review_notes = sa.Table(
    "review_notes",
    metadata,
    # What members of the staff wrote about a talk, for each other.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    _talk_column(),
    # Who of the staff; they may be gone, the note stays.
    sa.Column("member_id", Id),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("written_at", UtcDateTime, nullable=False),
    sa.Index(None, "conversation_id", "id"),
)

review_filters = sa.Table(
    "review_filters",
    metadata,
    # Filters that a member of the staff kept under a name.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("member_id", Id, nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    # As in the address of the list.
    sa.Column("asked", Json, nullable=False),
    sa.UniqueConstraint("business_id", "member_id", "name"),
)

review_corrections = sa.Table(
    "review_corrections",
    metadata,
    # What a reader said that somebody meant. Deciding anew withdraws the row and makes another: nothing is overwritten.
    # The id stands beside the line in the training data, so a row stays when its person is forgotten, with nothing of
    # theirs in it.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id")),
    sa.Column("turn_id", Id, sa.ForeignKey("turns.id")),
    # meaning (another one), right (as it was understood), skipped (never ask again), remark (entities alone)
    sa.Column("verdict", sa.String(16), nullable=False),
    # As the domain calls it, or a temporary name; null for skipped and remark.
    sa.Column("intent", sa.String(128)),
    sa.Column("language", sa.String(8)),
    # The line to be taught, without what is personal.
    sa.Column("line", sa.Text),
    # Entities a reader remarks: [{"entity", "start", "end"}] in what was said. Null: nothing was remarked.
    sa.Column("remarks", Json),
    # How it was understood at the time.
    sa.Column("heard_as", sa.String(128)),
    sa.Column("confidence", sa.Float),
    sa.Column("member_id", Id),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=False),
    # standing, withdrawn
    sa.Column("state", sa.String(16), nullable=False, server_default="standing"),
    sa.Column("withdrawn_by", sa.Text),
    sa.Column("withdrawn_at", UtcDateTime),
    sa.Index("ix_review_corrections_state", "business_id", "state", "id"),
    sa.Index(None, "conversation_id"),
    # Of a turn, one stands.
    sa.Index(
        "ix_review_corrections_turn",
        "turn_id",
        unique=True,
        postgresql_where=sa.text("state = 'standing'"),
        sqlite_where=sa.text("state = 'standing'"),
    ),
)
