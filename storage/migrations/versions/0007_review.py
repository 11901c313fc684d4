"""Review: turns and talks made for reading, and what readers noted about them."""

import sqlalchemy as sa
from alembic import op

from storage.clock import database_now
from storage.types import Id, Json, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Stamp = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _pending()
    _turns()
    _marks()
    _names()
    _conversations()
    _tags()
    _notes()
    _filters()
    _read_what_there_is()
    if op.get_context().dialect.name == "sqlite":
        _search_on_sqlite()
    else:
        _search_on_postgresql()


def _pending() -> None:
    op.create_table(
        "review_pending",
        sa.Column("turn_id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        _business("review_pending"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_review_pending_turn_id_turns")),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_review_pending")),
    )


def _read_what_there_is() -> None:
    """The worker makes rows of the turns of before, beside its work."""
    turns = sa.table("turns", sa.column("id", Id), sa.column("business_id", Id), sa.column("status", sa.String))
    pending = sa.table("review_pending", sa.column("turn_id", Id), sa.column("business_id", Id), sa.column("since"))
    ended = sa.select(turns.c.id, turns.c.business_id, database_now()).where(
        turns.c.status.in_(("done", "parked", "summed_up"))
    )
    op.execute(sa.insert(pending).from_select(["turn_id", "business_id", "since"], ended))


def _turns() -> None:
    op.create_table(
        "review_turns",
        sa.Column("stamp", Stamp, autoincrement=False, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("turn_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("is_fallback", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        _business("review_turns"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_review_turns_turn_id_turns")),
        _talk("review_turns"),
        sa.PrimaryKeyConstraint("stamp", name=op.f("pk_review_turns")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_review_turns_turn_id")),
    )
    op.create_index("ix_review_turns_talk", "review_turns", ["conversation_id", "stamp"])
    op.create_index("ix_review_turns_newest", "review_turns", ["business_id", "stamp", "confidence"])
    op.create_index("ix_review_turns_intent", "review_turns", ["business_id", "intent", "stamp"])
    op.create_index(
        "ix_review_turns_fallback",
        "review_turns",
        ["business_id", "stamp"],
        postgresql_where=sa.text("is_fallback"),
        sqlite_where=sa.text("is_fallback = 1"),
    )


def _marks() -> None:
    op.create_table(
        "review_marks",
        sa.Column("business_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("stamp", Stamp, autoincrement=False, nullable=False),
        _business("review_marks"),
        sa.ForeignKeyConstraint(["stamp"], ["review_turns.stamp"], name=op.f("fk_review_marks_stamp_review_turns")),
        sa.PrimaryKeyConstraint("business_id", "kind", "name", "stamp", name=op.f("pk_review_marks")),
    )
    op.create_index(op.f("ix_review_marks_stamp"), "review_marks", ["stamp"])


def _names() -> None:
    op.create_table(
        "review_names",
        sa.Column("business_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        _business("review_names"),
        sa.PrimaryKeyConstraint("business_id", "kind", "name", name=op.f("pk_review_names")),
    )


def _conversations() -> None:
    op.create_table(
        "review_conversations",
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("phone_number_id", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("last_stamp", Stamp, nullable=False),
        sa.Column("turn_count", sa.Integer(), nullable=False),
        sa.Column("lowest_confidence", sa.Float(), nullable=True),
        sa.Column("fallbacks", sa.Integer(), nullable=False),
        sa.Column("parked", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="unread", nullable=False),
        sa.Column("is_flagged", sa.Boolean(), server_default=sa.false(), nullable=False),
        _business("review_conversations"),
        _talk("review_conversations"),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_review_conversations")),
    )
    op.create_index("ix_review_conversations_newest", "review_conversations", ["business_id", "last_stamp"])
    op.create_index("ix_review_conversations_status", "review_conversations", ["business_id", "status", "last_stamp"])
    op.create_index(
        "ix_review_conversations_flagged",
        "review_conversations",
        ["business_id", "last_stamp"],
        postgresql_where=sa.text("is_flagged"),
        sqlite_where=sa.text("is_flagged = 1"),
    )


def _tags() -> None:
    op.create_table(
        "review_tags",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("colour", sa.String(length=16), nullable=False),
        _business("review_tags"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_tags")),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_review_tags_business_id_name")),
    )
    op.create_table(
        "review_tagged",
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("tag_id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        _business("review_tagged"),
        _talk("review_tagged"),
        sa.ForeignKeyConstraint(["tag_id"], ["review_tags.id"], name=op.f("fk_review_tagged_tag_id_review_tags")),
        sa.PrimaryKeyConstraint("conversation_id", "tag_id", name=op.f("pk_review_tagged")),
    )
    op.create_index(op.f("ix_review_tagged_tag_id"), "review_tagged", ["tag_id"])


def _notes() -> None:
    op.create_table(
        "review_notes",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("member_id", Id, nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime, nullable=False),
        _business("review_notes"),
        _talk("review_notes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_notes")),
    )
    op.create_index(op.f("ix_review_notes_conversation_id_id"), "review_notes", ["conversation_id", "id"])


def _filters() -> None:
    op.create_table(
        "review_filters",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("member_id", Id, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("asked", Json, nullable=False),
        _business("review_filters"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_filters")),
        sa.UniqueConstraint(
            "business_id", "member_id", "name", name=op.f("uq_review_filters_business_id_member_id_name")
        ),
    )


def _search_on_postgresql() -> None:
    # The words are made by us (conversations/review/words.py): a parser of the database's would read them otherwise.
    op.execute(
        "CREATE INDEX ix_review_turns_words ON review_turns"
        " USING gin (array_to_tsvector(string_to_array(btrim(words), ' ')))"
    )


def _search_on_sqlite() -> None:
    # An index of what stands in review_turns.words, kept by triggers as FTS5's documentation shows (§4.4.3).
    op.execute(
        "CREATE VIRTUAL TABLE review_words USING fts5("
        "words, content='review_turns', content_rowid='stamp', tokenize='ascii', prefix='2 3')"
    )
    new = "INSERT INTO review_words(rowid, words) VALUES (new.stamp, new.words);"
    old = "INSERT INTO review_words(review_words, rowid, words) VALUES ('delete', old.stamp, old.words);"
    op.execute(f"CREATE TRIGGER review_turns_added AFTER INSERT ON review_turns BEGIN {new} END")
    op.execute(f"CREATE TRIGGER review_turns_removed AFTER DELETE ON review_turns BEGIN {old} END")
    op.execute(f"CREATE TRIGGER review_turns_changed AFTER UPDATE OF words ON review_turns BEGIN {old} {new} END")


def _business(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f(f"fk_{table}_business_id_businesses"))


def _talk(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversations.id"], name=op.f(f"fk_{table}_conversation_id_conversations")
    )
