"""The workflows that come with Relais, as people read them."""

from collections.abc import Mapping
from typing import Any

import pytest

from notifications.workflows import (
    Channel,
    EmailContent,
    InAppContent,
    SmsContent,
    WhatsAppContent,
    Workflow,
    from_document,
    group_of,
    open_replies,
    render,
    reply_meant,
    to_document,
)
from notifications.workflows.facts import Facts
from notifications.workflows.files import read_folder
from notifications.workflows.preview import EXAMPLE_ANCHOR
from server.settings import ROOT
from tests.notifications.workflows.samples import GRACE, KIMIA, SOMEBODY

FOLDER = read_folder(ROOT / "workflows")
OURS = FOLDER.workflows
STATUS = (
    "mission-accepted",
    "mission-pickup-arrived",
    "mission-in-transit",
    "mission-delivered",
    "mission-cancelled",
    "order-confirmed",
    "order-ready",
    "order-cancelled",
    "payment-received",
    "payment-failed",
)
PROACTIVE = (
    "mission-reminder",
    "appointment-reminder",
    "delivery-delayed",
    "payment-reminder",
    "feedback-request",
    "promotional-offer",
)

FOR_WORK = (
    "courier-mission-accepted",
    "courier-mission-cancelled",
    "courier-mission-dropoff-changed",
    "merchant-order-cancelled",
    "merchant-order-confirmed",
    "merchant-payment-received",
)

every_workflow = pytest.mark.parametrize("workflow", OURS.values(), ids=OURS.keys())


def whatsapp(key: str, locale: str = "fr", **payload: Any) -> WhatsAppContent:
    example = {**OURS[key].payload.example(), **payload}
    content = render(OURS[key], "whatsapp", locale, GRACE, KIMIA, example, anchor=EXAMPLE_ANCHOR)
    assert isinstance(content, WhatsAppContent)
    return content


def test_all_that_a_business_needs_is_there() -> None:
    assert FOLDER.problems == ()
    assert set(OURS) == {*STATUS, *PROACTIVE, *FOR_WORK}


@every_workflow
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_channel_has_its_words_and_nobody_reads_a_brace_or_none(workflow: Workflow, language: str) -> None:
    payload = workflow.payload.example()
    channels: tuple[Channel, ...] = ("whatsapp", "email", "sms", "inapp")
    for channel in channels:
        content = render(workflow, channel, language, GRACE, KIMIA, payload, anchor=EXAMPLE_ANCHOR)
        text = _words(content)
        assert len(text) > 20
        assert "{" not in text
        assert "None" not in text


@every_workflow
def test_a_person_is_addressed_by_first_name_where_it_is_known(workflow: Workflow) -> None:
    payload = workflow.payload.example()
    known = render(workflow, "whatsapp", "fr", GRACE, KIMIA, payload, anchor=EXAMPLE_ANCHOR)
    nobody = render(workflow, "whatsapp", "fr", SOMEBODY, KIMIA, payload, anchor=EXAMPLE_ANCHOR)
    assert isinstance(known, WhatsAppContent)
    assert isinstance(nobody, WhatsAppContent)
    assert "Grâce, " in known.said.splitlines()[0][:20]
    assert "Grâce" not in nobody.said
    assert next(sign for sign in nobody.said if sign.isalpha()).isupper()


@every_workflow
def test_what_is_pinned_with_a_notification_is_the_same_workflow(workflow: Workflow) -> None:
    assert from_document(to_document(workflow)) == workflow


def test_the_courier_comes_with_a_contact_card_and_the_timeline() -> None:
    content = whatsapp("mission-accepted")
    assert "🔵 Livreur assigné" in content.said
    card = content.free_form[1]["contacts"][0]
    assert card["name"]["formatted_name"] == "Jean Malonga"
    assert card["phones"] == [{"phone": "+242069876543", "type": "CELL", "wa_id": "242069876543"}]


def test_a_courier_without_a_number_has_no_card() -> None:
    assert len(whatsapp("mission-accepted", courier={"name": "Jean Malonga"}).free_form) == 1


def test_an_order_is_told_with_its_merchant_its_lines_and_its_total() -> None:
    lines = [{"name": "Poulet Mayo", "quantity": 2}, *[{"name": "Jus", "quantity": 1}] * 9]
    said = whatsapp("order-confirmed", lines=lines).said
    for words in ("Chez Maman Wivine", "• 2 × Poulet Mayo", "… et 2 de plus", "7\u00a0000\u00a0FCFA"):
        assert words in said


@pytest.mark.parametrize("key", FOR_WORK)
def test_who_works_may_decline_that_alone_and_reads_nothing_of_the_customer(key: str) -> None:
    assert OURS[key].category == "work"
    assert not {"customer", "customer_phone"} & OURS[key].payload.fields.keys()


def test_a_courier_reads_where_to_fetch_it_and_where_it_goes() -> None:
    said = whatsapp("courier-mission-accepted").said
    for words in ("COUR-20250127-068", "Retrait : 3 Avenue Foch", "Livraison : 47 Rue Mayama", "Sonnez deux fois"):
        assert words in said


@pytest.mark.parametrize(
    ("typed", "score"), [("5", "5"), ("Très bien", "5"), ("⭐⭐⭐", "3"), ("2/5", "2"), ("bad", "1"), ("six", None)]
)
def test_a_delivery_is_rated_with_a_tap_or_a_number(typed: str, score: str | None) -> None:
    workflow = OURS["mission-delivered"]
    replies = open_replies(workflow, "fr", GRACE, KIMIA, {"code": "COUR-20250127-068"})
    found = reply_meant(replies, typed)
    assert (found.entities["score"] if found else None) == score
    assert [button.entities["score"] for button in whatsapp("mission-delivered").buttons] == ["5", "3", "1"]


@pytest.mark.parametrize(
    ("typed", "effect"), [("oui", "confirm"), ("Je serai là", "confirm"), ("non", "reschedule"), ("peut-être", None)]
)
def test_a_reminder_is_confirmed_or_moved_with_a_word(typed: str, effect: str | None) -> None:
    replies = open_replies(OURS["mission-reminder"], "fr", GRACE, KIMIA, {"code": "COUR-20250127-068"})
    found = reply_meant(replies, typed)
    assert (found.effect if found else None) == effect


@pytest.mark.parametrize(
    ("locale", "words"),
    [("fr", "Grâce, votre rendez-vous est le sam. 5 déc., 19:30."), ("en", "is on Sat, Dec 5, 19:30.")],
)
def test_an_appointment_is_told_by_its_anchor_alone(locale: str, words: str) -> None:
    content = whatsapp("appointment-reminder", locale)
    assert words in content.said
    assert content.template is not None
    assert "19:30" in str(content.template)


def test_later_news_of_a_delivery_has_a_later_rank_and_belongs_together() -> None:
    missions = [OURS[key] for key in STATUS[:5]]
    ranks = [workflow.rank for workflow in missions]
    assert ranks == [1, 2, 3, 4, 5]
    facts = Facts(person=GRACE, business=KIMIA, payload=missions[0].payload.example())
    assert group_of(missions[0], facts) == "COUR-20250127-068"


def test_an_offer_says_how_to_get_no_more_of_them_and_can_be_refused() -> None:
    offer = OURS["promotional-offer"]
    assert (offer.category, offer.critical, offer.lane) == ("marketing", False, "bulk")
    assert whatsapp("promotional-offer").free_form[0]["interactive"]["footer"]["text"].startswith("Répondez STOP")
    found = reply_meant(open_replies(offer, "fr", GRACE, KIMIA, offer.payload.example()), "Stop")
    assert found is not None
    assert (found.intent, dict(found.entities), found.effect) == (
        "notifications_opt_out",
        {"notification_category": "marketing"},
        "stop",
    )


def _words(content: object) -> str:
    match content:
        case WhatsAppContent(said=said):
            return said
        case EmailContent(subject=subject, text=text):
            return f"{subject} {text}"
        case SmsContent(text=text):
            return text
        case InAppContent(title=title, body=body):
            return f"{title} {body}"
        case _:
            raise AssertionError(content)


def test_a_delay_is_told_in_the_backends_code_or_in_words() -> None:
    told: Mapping[str, Any] = {"delay": {"minutes": 85, "reason": "weather"}, "reason": None}
    assert "1 h 25 de retard : mauvais temps" in whatsapp("delivery-delayed", **told).said
    assert "la route est coupée" in whatsapp("delivery-delayed").said
