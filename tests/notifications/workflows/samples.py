"""A small workflow to try things with, and the people it speaks to."""

from textwrap import dedent

from notifications.workflows import BusinessFacts, Person, Workflow, read_workflow

GRACE = Person(first_name="Grâce", name="Grâce Mabiala", locale="fr-CG", timezone="Africa/Brazzaville")
SOMEBODY = Person(locale="en", timezone="Africa/Brazzaville")
KIMIA = BusinessFacts(
    name="Kimia Express", currency="XAF", timezone="Africa/Brazzaville", support_number="+242065000001"
)

REMINDER = """
key: appointment-reminder
title: Reminds of an appointment
category: reminders
group: payload.code
rank: 1
expires_after: 2h

payload:
  code: {type: text, example: RDV-9}
  starts_at: {type: moment, example: "2026-12-01T10:00:00+01:00"}
  price: {type: money, required: false, example: {amount: "2500", currency: XAF}}
  place:
    type: object
    required: false
    fields:
      address: {type: text, example: 12 rue Lamothe}

reply:
- key: confirm
  title: {fr: Je viens, en: I'm coming}
  words: {fr: [oui, "1"], en: ["yes", ok]}
  intent: affirm
  entities: {order_code: "{{ payload.code }}"}
  effect: confirm
- key: reschedule
  title: {fr: Changer l'heure, en: Change the time}
  words: {fr: ["2", plus tard], en: [later]}
  intent: deny
  effect: reschedule

steps:
- delay: {until: payload.starts_at - days(1)}
- condition: not replied
- ladder:
  - {channel: whatsapp, success: read, fallback_after: 1h30m}
  - {channel: sms}

contents:
  whatsapp:
    text:
      fr: >-
        {{ person.first_name or 'Bonjour' }}, rendez-vous
        {{ payload.starts_at | moment }}{% if payload.place %}, {{ payload.place.address }}{% endif %}.
      en: >-
        {{ person.first_name or 'Hello' }}, see you
        {{ payload.starts_at | moment }}{% if payload.place %}, {{ payload.place.address }}{% endif %}.
    buttons:
    - reply: confirm
    - reply: reschedule
    template:
      name: appointment_reminder
      values: {when: "{{ payload.starts_at | moment }}"}
  sms:
    text:
      fr: >-
        Rendez-vous {{ payload.starts_at | moment }}.{% if payload.price %}
        Prix : {{ payload.price | money }}{% endif %}
      en: >-
        See you {{ payload.starts_at | moment }}.{% if payload.price %}
        Price: {{ payload.price | money }}{% endif %}
"""

PAYLOAD = {"code": "RDV-9", "starts_at": "2026-12-01T10:00:00+01:00"}


def reminder(**replaced: str) -> Workflow:
    """The reminder, with pieces of its text replaced: `reminder(**{"old": "new"})`."""
    text = REMINDER
    for old, new in replaced.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return read_workflow(dedent(text), "appointment-reminder.yml")
