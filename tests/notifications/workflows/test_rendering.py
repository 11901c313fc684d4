"""What a person reads of a workflow, on each channel."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.messages import from_payload, to_payload
from notifications.workflows import (
    CannotRender,
    EmailContent,
    InAppContent,
    SmsContent,
    WebhookContent,
    WhatsAppContent,
    check_payload,
    placeholder,
    read_workflow,
    render,
)
from tests.notifications.workflows.samples import GRACE, KIMIA, PAYLOAD, REMINDER, SOMEBODY, reminder

REMINDED = reminder()


def on_whatsapp(**payload: object) -> WhatsAppContent:
    content = render(reminder(), "whatsapp", "fr", GRACE, KIMIA, {**PAYLOAD, **payload})
    assert isinstance(content, WhatsAppContent)
    return content


def test_a_person_is_told_by_first_name_in_their_language_by_their_clocks() -> None:
    assert on_whatsapp().said == "Grâce, rendez-vous mar. 1 déc., 10:00."
    english = render(reminder(), "whatsapp", "en-GB", SOMEBODY, KIMIA, PAYLOAD)
    assert isinstance(english, WhatsAppContent)
    assert english.said == "Hello, see you Tue, Dec 1, 10:00."


@pytest.mark.parametrize(("locale", "begins"), [("fr_CG", "Grâce, r"), ("de", "Grâce, r"), ("en", "Grâce, see")])
def test_a_language_without_words_falls_back_to_the_business_and_then_to_french(locale: str, begins: str) -> None:
    content = render(reminder(), "whatsapp", locale, GRACE, KIMIA, PAYLOAD)
    assert isinstance(content, WhatsAppContent)
    assert content.said.startswith(begins)


def test_both_forms_are_messages_that_whatsapp_takes_with_a_place_for_each_reply_token() -> None:
    content = on_whatsapp()
    (free_form,) = content.free_form
    assert content.template is not None
    assert free_form["interactive"]["action"]["buttons"][1]["reply"] == {
        "id": placeholder(1),
        "title": "Changer l'heure",
    }
    assert [to_payload(from_payload(each)) for each in (free_form, content.template)] == [free_form, content.template]
    assert content.template["template"]["components"][-1]["parameters"] == [
        {"type": "payload", "payload": placeholder(1)}
    ]
    assert [(each.intent, each.entities, each.option) for each in content.buttons] == [
        ("affirm", {"order_code": "RDV-9"}, "confirm"),
        ("deny", {}, "reschedule"),
    ]


def test_one_moment_is_told_by_the_clocks_of_each_person() -> None:
    workflow = reminder(**{"Rendez-vous {{ payload.starts_at | moment }}.": "{{ payload.starts_at | time }}"})
    told = [
        render(workflow, "sms", "fr", replace(GRACE, timezone=zone), KIMIA, PAYLOAD)
        for zone in ("Africa/Brazzaville", "Asia/Tokyo", "Africa/Brazzaville")
    ]
    assert told == [SmsContent(text=text) for text in ("10:00", "18:00", "10:00")]


def test_what_somebody_typed_breaks_no_markup() -> None:
    said = on_whatsapp(place={"address": "*12*\n\n_rue_ `x`"}).said
    assert said.endswith("∗12∗ ˍrueˍ ’x’.")


def test_an_sms_is_written_in_the_cheap_alphabet_where_that_is_enough() -> None:
    workflow = reminder(**{"Rendez-vous {{": "Êtes-vous prête… {{"})
    text = render(workflow, "sms", "fr", GRACE, KIMIA, {**PAYLOAD, "price": {"amount": 2500, "currency": "XAF"}})
    assert text == SmsContent(text="Etes-vous prete... mar. 1 déc., 10:00. Prix : 2 500 FCFA")


def test_a_sign_that_has_no_simpler_form_leaves_an_sms_as_it_is() -> None:
    workflow = reminder(**{"Rendez-vous {{ payload.starts_at | moment }}.": "À bientôt 👋"})
    text = render(workflow, "sms", "fr", GRACE, KIMIA, PAYLOAD)
    assert text == SmsContent(text="À bientôt 👋")


def test_what_is_too_long_for_whatsapp_is_cut_and_not_lost() -> None:
    workflow = reminder(**{"example: 12 rue Lamothe": "longest: 2000, example: 12 rue Lamothe"})
    content = render(workflow, "whatsapp", "fr", GRACE, KIMIA, {**PAYLOAD, "place": {"address": "rue " * 700}})
    assert isinstance(content, WhatsAppContent)
    assert len(content.free_form[0]["interactive"]["body"]["text"]) <= 1024


def test_a_payload_that_lacks_something_is_refused_with_every_field_that_is_wrong() -> None:
    payload = {"starts_at": "tomorrow", "prize": 12, "place": {"address": 3}, "note": "is not shown"}
    assert [str(each) for each in check_payload(reminder(), payload)] == [
        "payload.code is missing; it is a text that says something.",
        "payload.starts_at is not a moment with its offset, such as 2026-01-27T14:30:00+01:00.",
        "payload.place.address is not a text that says something.",
        "payload.prize is not known; did you mean price.",
    ]
    with pytest.raises(CannotRender, match=r"^appointment-reminder: payload\.code is missing"):
        render(reminder(), "whatsapp", "fr", GRACE, KIMIA, payload)


def test_a_field_that_may_be_missing_never_reads_none() -> None:
    workflow = reminder(**{"{{ payload.price | money }}{% endif %}": "{% endif %}{{ payload.price }}"})
    with pytest.raises(CannotRender, match="put it into an"):
        render(workflow, "sms", "fr", GRACE, KIMIA, PAYLOAD)


@pytest.mark.parametrize(
    "attack",
    [
        "{{ 'x' * 10**9 }}",
        "{{ [1] * 99999999 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ payload.code.ljust(999999999) }}",
        "{{ payload.code.__class__.__mro__ }}",
        "{{ ''.join.__globals__ }}",
        "{{ timeline.__globals__ }}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    ],
)
def test_a_template_reaches_nothing_outside_and_fills_no_memory(attack: str) -> None:
    workflow = reminder(**{"Rendez-vous {{": attack + "{{"})
    with pytest.raises(CannotRender):
        render(workflow, "sms", "fr", GRACE, KIMIA, PAYLOAD)


EMAIL = """
  email:
    subject: "{{ payload.code }} & <you>"
    text: {fr: "Bonjour {{ person.first_name }}\\n\\nÀ <demain> !", en: "Hello {{ person.first_name }}\\n\\nSee <you>!"}
    action: {title: {fr: Ouvrir, en: Open}, url: "https://example.com/{{ payload.code | urlencode }}"}
  inapp: {title: "{{ payload.code }}", body: "{{ payload.starts_at | day }}"}
  webhook:
    body: {code: "{{ payload.code }}", tags: ["{{ language }}", 3], nested: {at: "{{ payload.starts_at | time }}"}}
"""


def test_an_email_is_html_that_nothing_breaks_and_the_same_as_text() -> None:
    workflow = read_workflow(REMINDER + EMAIL, "r.yml")
    payload = {**PAYLOAD, "code": '"><script>'}
    content = render(workflow, "email", "fr", GRACE, KIMIA, payload, unsubscribe_url="https://example.com/u/1")
    assert isinstance(content, EmailContent)
    assert content.subject == '"><script> & <you>'
    assert "<script>" not in content.html
    assert "À &lt;demain&gt; !" in content.html
    assert 'href="https://example.com/%22%3E%3Cscript%3E"' in content.html
    assert 'href="https://example.com/u/1"' in content.html
    assert content.text.startswith("Bonjour Grâce\n\nÀ <demain> !\n\nOuvrir\nhttps://example.com/")
    assert content.text.endswith("https://example.com/u/1")


def test_the_inbox_and_a_webhook_get_their_own() -> None:
    workflow = read_workflow(REMINDER + EMAIL, "r.yml")
    assert render(workflow, "inapp", "fr", GRACE, KIMIA, PAYLOAD) == InAppContent(title="RDV-9", body="1 décembre")
    assert render(workflow, "webhook", "en", GRACE, KIMIA, PAYLOAD) == WebhookContent(
        body={"code": "RDV-9", "tags": ["en", 3], "nested": {"at": "10:00"}}
    )


@given(st.text(), st.text(), st.text())
def test_whatever_people_are_called_and_type_makes_messages_that_can_be_sent(name: str, code: str, street: str) -> None:
    payload = {**PAYLOAD, "code": code, "place": {"address": street}}
    if check_payload(REMINDED, payload):
        return
    content = render(REMINDED, "whatsapp", "fr", replace(GRACE, first_name=name), KIMIA, payload)
    assert isinstance(content, WhatsAppContent)
    for message in (*content.free_form, content.template):
        assert message is not None
        assert to_payload(from_payload(message)) == message
