"""Names of people are found by how their words begin."""

from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

ACCENTED, PLAIN = "ÀÂÄÁÃÅÇÉÈÊËÍÎÏÌÑÓÔÖÒÕÚÛÜÙÝŸàâäáãåçéèêëíîïìñóôöòõúûüùýÿ", "aaaaaaceeeeiiiinooooouuuuyy" * 2


def upgrade() -> None:
    """No table of ours tells of this: each database does it in its own way."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX ix_subscribers_name_words ON subscribers USING gin (array_to_tsvector(array_remove("
            f"regexp_split_to_array(translate(lower(name), '{ACCENTED}', '{PLAIN}'), '\\W+'), '')))"
        )
    else:
        _on_sqlite()


def _on_sqlite() -> None:
    # FTS5 knows rows by a number that stays, which the ids of people are not.
    op.execute("CREATE TABLE subscriber_names (number INTEGER PRIMARY KEY, subscriber_id CHAR(32) NOT NULL UNIQUE)")
    op.execute(
        "CREATE VIRTUAL TABLE subscriber_names_words USING fts5("
        "name, content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )
    known = "FROM subscriber_names WHERE subscriber_id ="
    number = "INSERT INTO subscriber_names(subscriber_id)"
    added = f"INSERT INTO subscriber_names_words(rowid, name) SELECT number, new.name {known} new.id"
    removed = (
        "INSERT INTO subscriber_names_words(subscriber_names_words, rowid, name)"
        f" SELECT 'delete', number, old.name {known} old.id"
    )
    op.execute(
        "CREATE TRIGGER subscribers_named AFTER INSERT ON subscribers WHEN new.name IS NOT NULL "  # noqa: S608
        f"BEGIN {number} VALUES (new.id); {added}; END"
    )
    op.execute(
        "CREATE TRIGGER subscribers_renamed AFTER UPDATE OF name ON subscribers WHEN old.name IS NOT new.name "
        f"BEGIN {removed} AND old.name IS NOT NULL; "
        f"{number} SELECT new.id WHERE NOT EXISTS (SELECT 1 {known} new.id); {added} AND new.name IS NOT NULL; END"
    )
    op.execute(
        "CREATE TRIGGER subscribers_unnamed AFTER DELETE ON subscribers "
        f"BEGIN {removed} AND old.name IS NOT NULL; DELETE {known} old.id; END"
    )
    op.execute(f"{number} SELECT id FROM subscribers WHERE name IS NOT NULL ORDER BY id")  # noqa: S608
    op.execute(
        "INSERT INTO subscriber_names_words(rowid, name) SELECT n.number, s.name FROM subscriber_names n"
        " JOIN subscribers s ON s.id = n.subscriber_id"
    )
