"""What is done once when the emulator starts: ready-made phones are put on the table, old logs forgotten."""

from datetime import timedelta

from channels.whatsapp.emulator.parts import Parts

LOGS_LAST = timedelta(days=7)


def set_the_table(parts: Parts) -> None:
    now = parts.clock()
    with parts.database.transaction() as t:
        for person in parts.directory.people:
            parts.chats.open(t, person.phone_number_id, person.wa_id, person.name)
        parts.chats.name_users(t)  # those of a file from before user ids
        parts.queue.prune(t, now)
        parts.queue.hurry(t, now)  # the last run's clock may have been ahead
        parts.media.prune(t)
        t.execute("DELETE FROM requests WHERE at < ?", ((now - LOGS_LAST).timestamp(),))
