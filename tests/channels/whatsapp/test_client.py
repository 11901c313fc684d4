"""The client asks what Meta documents, and tells apart what was sent, what was not, and what nobody knows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from channels.transport import AiohttpTransport, AnswerLost, NotSent, TransportError, TransportResponse
from channels.whatsapp.client import Accepted, WhatsAppClient
from channels.whatsapp.errors import (
    Cause,
    FailureKind,
    PairThrottled,
    Rejected,
    Retryable,
    Throttled,
    UnknownOutcome,
    WhatsAppError,
)
from channels.whatsapp.graph import Graph, OneToken
from channels.whatsapp.messages import InvalidMessage, Text, to_payload
from channels.whatsapp.usage import Usage
from tests.channels.loopback import answer, loopback
from tests.channels.whatsapp.cast import GRACE, KIMIA

TOKEN = "a-token-nobody-may-see"
HELLO = to_payload(Text(body="Bonjour Grâce"))
ACCEPTED = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": GRACE, "wa_id": GRACE}],
    "messages": [{"id": "wamid.OURS1", "message_status": "accepted"}],
}


@dataclass
class SmallGraph:
    """A transport that answers as told, and remembers what it was asked."""

    status: int = 200
    document: Any = field(default_factory=lambda: ACCEPTED)
    headers: dict[str, str] = field(default_factory=dict)
    failure: TransportError | None = None
    asked: list[tuple[str, str, Mapping[str, str], Any]] = field(default_factory=list)

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, timeout_seconds: float
    ) -> TransportResponse:
        self.asked.append((method, url, headers, json.loads(content)))
        if self.failure is not None:
            raise self.failure
        body = self.document if isinstance(self.document, bytes) else json.dumps(self.document).encode()
        return TransportResponse(status=self.status, headers=self.headers, body=body)

    async def aclose(self) -> None:
        pass

    def client(self) -> WhatsAppClient:
        return WhatsAppClient(Graph(self, "https://graph.example/", "v23.0", OneToken(TOKEN)))


def refusal(code: int, **more: Any) -> dict[str, Any]:
    return {"error": {"message": f"(#{code}) No", "type": "OAuthException", "code": code, **more}}


async def refused(graph: SmallGraph) -> WhatsAppError:
    with pytest.raises(WhatsAppError) as raised:
        await graph.client().send(KIMIA, GRACE, HELLO, "m-1")
    return raised.value


async def test_a_message_goes_to_the_number_s_address_in_meta_s_envelope() -> None:
    graph = SmallGraph()

    await graph.client().send(KIMIA, GRACE, HELLO, "m-1")

    ((method, url, headers, document),) = graph.asked
    assert (method, url) == ("POST", f"https://graph.example/v23.0/{KIMIA}/messages")
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert document == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": GRACE,
        "biz_opaque_callback_data": "m-1",
        "type": "text",
        "text": {"body": "Bonjour Grâce"},
    }


async def test_without_callback_data_none_is_sent() -> None:
    graph = SmallGraph()

    await graph.client().send(KIMIA, GRACE, HELLO, None)

    assert "biz_opaque_callback_data" not in graph.asked[0][3]


async def test_meta_s_yes_tells_the_id_and_its_spelling_of_the_number() -> None:
    accepted = await SmallGraph().client().send(KIMIA, GRACE, HELLO, "m-1")

    assert accepted == Accepted(wamid="wamid.OURS1", wa_id=GRACE, status="accepted")


@pytest.mark.parametrize("more", [{}, {"contacts": []}, {"contacts": "odd"}, {"contacts": [{"wa_id": {}}]}], ids=str)
async def test_meta_s_yes_needs_nothing_but_the_id(more: dict[str, Any]) -> None:
    graph = SmallGraph(document={"messages": [{"id": "wamid.OURS1"}], **more})

    assert await graph.client().send(KIMIA, GRACE, HELLO, "m-1") == Accepted(
        wamid="wamid.OURS1", wa_id=None, status=None
    )


@pytest.mark.parametrize("document", [b"", b"<html>", {}, [], {"messages": []}, {"messages": [{}]}], ids=repr)
async def test_a_yes_that_cannot_be_read_has_an_unknown_outcome(document: Any) -> None:
    error = await refused(SmallGraph(document=document))

    assert isinstance(error, UnknownOutcome)
    assert error.kind is FailureKind.UNKNOWN


async def test_what_did_not_leave_may_be_sent_again() -> None:
    error = await refused(SmallGraph(failure=NotSent("refused")))

    assert isinstance(error, Retryable)
    assert error.cause is Cause.TEMPORARY


async def test_what_may_have_left_has_an_unknown_outcome() -> None:
    assert isinstance(await refused(SmallGraph(failure=AnswerLost("time-out"))), UnknownOutcome)


@pytest.mark.parametrize(
    ("status", "code", "raised"),
    [
        (400, 131056, PairThrottled),
        (400, 130429, Throttled),
        (500, 131000, Retryable),
        (400, 131047, Rejected),
        (401, 190, Rejected),
        # The code decides, not the HTTP status.
        (500, 100, Rejected),
        (200 + 203, 131016, Retryable),
    ],
)
async def test_the_code_decides_what_a_refusal_is(status: int, code: int, raised: type[WhatsAppError]) -> None:
    error = await refused(SmallGraph(status, refusal(code)))

    assert type(error) is raised
    assert (error.code, error.title) == (code, "No")


@pytest.mark.parametrize(
    ("status", "document", "raised"),
    [
        (400, refusal(999999), Rejected),
        (400, refusal(999999, is_transient=True), Retryable),
        (503, refusal(999999), Retryable),
        (429, refusal(999999), Throttled),
        (429, b"slow down", Throttled),
        (500, b"", Retryable),
        (503, {"error": "busy"}, Retryable),
        (502, b"<html>", UnknownOutcome),
        (504, b"<html>", UnknownOutcome),
        (404, b"<html>", Rejected),
        (307, b"", Rejected),
        (400, {"error": {"code": "100"}}, Rejected),
    ],
    ids=str,
)
async def test_a_refusal_with_an_unknown_code_or_none_is_judged_by_its_status(
    status: int, document: Any, raised: type[WhatsAppError]
) -> None:
    assert type(await refused(SmallGraph(status, document))) is raised


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("30", 30),
        (" 5 ", 5),
        ("0", 0),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("9" * 7, None),
        ("٣", None),
        ("Sat, 21 Nov 2026 12:01:30 GMT", 90),
        ("Saturday, 21-Nov-26 12:00:10 GMT", 10),
        ("Sat, 21 Nov 2026 13:01:00 +0100", 60),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("Sat, 21 Nov 2037 11:00:00 GMT", None),
        ("Sat, 99 Nov 2026 11:00:00 GMT", None),
    ],
)
async def test_retry_after_is_honoured_as_seconds_and_as_a_date(given: str, expected: int | None) -> None:
    for document in (refusal(130429), b""):
        headers = {"retry-after": given, "date": "Sat, 21 Nov 2026 12:00:00 GMT"}
        error = await refused(SmallGraph(429, document, headers))

        assert error.retry_after_seconds == expected


async def test_a_date_in_an_answer_without_one_of_its_own_is_counted_from_now() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)

    error = await refused(SmallGraph(429, refusal(130429), {"retry-after": soon}))

    assert error.retry_after_seconds is not None
    assert 50 <= error.retry_after_seconds <= 60


async def test_the_wait_that_the_usage_headers_announce_is_honoured() -> None:
    used = {"100000000000009": [{"type": "messaging", "call_count": 100, "estimated_time_to_regain_access": 3}]}
    headers = {"x-business-use-case-usage": json.dumps(used), "retry-after": "20"}

    error = await refused(SmallGraph(400, refusal(80007), headers))

    assert error.retry_after_seconds == 180
    assert error.usage.percent == 100


async def test_a_yes_tells_how_much_of_the_allowance_is_used() -> None:
    graph = SmallGraph(headers={"x-app-usage": json.dumps({"call_count": 12, "total_time": 85, "total_cputime": 3})})

    accepted = await graph.client().send(KIMIA, GRACE, HELLO, "m-1")

    assert accepted.usage == Usage(percent=85)


@pytest.mark.parametrize(
    ("error_data", "details"),
    [({"messaging_product": "whatsapp", "details": "Why"}, "Why"), ("Why", "Why"), (None, ""), ([1], "")],
)
async def test_the_details_may_be_an_object_a_text_or_absent(error_data: Any, details: str) -> None:
    assert (await refused(SmallGraph(400, refusal(100, error_data=error_data)))).details == details


async def test_a_subcode_makes_the_advice_finer() -> None:
    assert "expired" in (await refused(SmallGraph(401, refusal(190, error_subcode=463)))).advice


@pytest.mark.parametrize("to", ["", "+242061234567", "24206 123", "٢٤٢", "cg.134912", "CG.", "CG.13/..", "24206/../1"])
async def test_a_recipient_is_a_number_or_a_user_id_and_nothing_else(to: str) -> None:
    graph = SmallGraph()

    with pytest.raises(InvalidMessage, match=r"^to is neither digits nor a business-scoped user id$"):
        await graph.client().send(KIMIA, to, HELLO, "m-1")
    assert graph.asked == []


@pytest.mark.parametrize("user_id", ["CG.1349120865530274", "US.ENT.11815799212886844830"])
async def test_somebody_without_a_number_is_written_to_by_their_user_id(user_id: str) -> None:
    graph = SmallGraph(document={**ACCEPTED, "contacts": [{"input": user_id, "user_id": user_id}]})

    accepted = await graph.client().send(KIMIA, user_id, HELLO, "m-1")

    document = graph.asked[0][3]
    assert (document["recipient"], document.get("to")) == (user_id, None)
    assert (accepted.wa_id, accepted.user_id) == (None, user_id)
    assert user_id not in repr(accepted)


async def test_what_a_message_answers_travels_along() -> None:
    graph = SmallGraph()

    await graph.client().send(KIMIA, GRACE, to_payload(Text(body="Oui"), reply_to="wamid.GRACE1"), "m-1")

    assert graph.asked[0][3]["context"] == {"message_id": "wamid.GRACE1"}


@pytest.mark.parametrize("number", ["", "me", "1/../2", "1?access_token=x"])
async def test_a_number_of_ours_cannot_change_the_address(number: str) -> None:
    graph = SmallGraph()

    with pytest.raises(InvalidMessage, match=r"^phone_number_id"):
        await graph.client().send(number, GRACE, HELLO, "m-1")
    assert graph.asked == []


@pytest.mark.parametrize("units", [511, 512])
async def test_callback_data_may_be_as_long_as_its_limit(units: int) -> None:
    await SmallGraph().client().send(KIMIA, GRACE, HELLO, "a" * units)


@pytest.mark.parametrize("callback_data", ["", "a" * 513, "😀" * 257])
async def test_callback_data_longer_than_its_limit_or_empty_is_refused(callback_data: str) -> None:
    with pytest.raises(InvalidMessage, match=r"^callback_data"):
        await SmallGraph().client().send(KIMIA, GRACE, HELLO, callback_data)


@pytest.mark.parametrize("version", ["", "23.0", "v23", "v23.0/..", "latest"])
def test_a_version_of_another_form_is_refused_at_the_start(version: str) -> None:
    with pytest.raises(ValueError, match="api_version"):
        Graph(SmallGraph(), "https://graph.example", version, OneToken(TOKEN))


@pytest.mark.parametrize("typing", [True, False])
async def test_marking_as_read_may_show_that_an_answer_is_coming(typing: bool) -> None:
    graph = SmallGraph(document={"success": True})

    await graph.client().mark_read(KIMIA, "wamid.GRACE1", typing=typing)

    ((method, url, _, document),) = graph.asked
    assert (method, url) == ("POST", f"https://graph.example/v23.0/{KIMIA}/messages")
    assert document == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.GRACE1",
        **({"typing_indicator": {"type": "text"}} if typing else {}),
    }


async def test_marking_as_read_may_be_refused() -> None:
    with pytest.raises(Rejected):
        await SmallGraph(400, refusal(131009)).client().mark_read(KIMIA, "wamid.GRACE1", typing=True)


async def test_no_error_and_no_repr_shows_the_recipient_the_text_or_the_token() -> None:
    wordy = {
        "error": {
            "message": f"(#131030) {GRACE} (+242 06 123 45 67) is not allowed, see wamid.HBgMMjQyMDYxMjM0NTY3",
            "code": 131030,
            "error_data": {"details": f"Add {GRACE} to the list of {KIMIA}"},
        }
    }
    error = await refused(SmallGraph(400, wordy))
    lost = await refused(SmallGraph(failure=AnswerLost("ServerDisconnectedError")))
    client = SmallGraph().client()
    accepted = await client.send(KIMIA, GRACE, HELLO, "m-1")

    shown = "".join(f"{every!r} {every}" for every in (error, error.details, lost, client, accepted))
    assert "is not allowed" in shown
    for private in (GRACE, "06 123 45 67", "HBgM", "OURS1", "Bonjour", TOKEN):
        assert private not in shown


async def test_it_speaks_over_a_real_connection() -> None:
    transport = AiohttpTransport(limit=1)
    async with loopback(answer("200 OK", json.dumps(ACCEPTED).encode())) as server:
        client = WhatsAppClient(Graph(transport, server.url, "v23.0", OneToken(TOKEN)))
        accepted = await client.send(KIMIA, GRACE, HELLO, "m-1")

        (asked,) = server.asked
    await transport.aclose()
    assert accepted.wamid == "wamid.OURS1"
    assert json.loads(asked.body)["text"] == {"body": "Bonjour Grâce"}
