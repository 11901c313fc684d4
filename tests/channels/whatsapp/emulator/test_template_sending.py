"""Templates that are sent: filled in, shown, and refused where their parameters do not fit."""

from typing import Any

import pytest

from tests.channels.whatsapp.emulator.test_template_checks import GOOD
from tests.channels.whatsapp.emulator.world import GRACE, Emulator, Receiver, eventually
from tests.channels.whatsapp.emulator.written_templates import (
    ARRIVED,
    BODY,
    approved,
    buttons,
    created,
    decide,
    header,
    named,
    reply,
    url,
)


def template(components: list[dict[str, Any]] | None = None, **parts: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {"name": ARRIVED["name"], "language": {"code": "fr"}, **parts}
    if components is not None:
        sent["components"] = components
    return {"messaging_product": "whatsapp", "to": GRACE, "type": "template", "template": sent}


def words(*texts: str) -> dict[str, Any]:
    return {"type": "body", "parameters": [{"type": "text", "text": each} for each in texts]}


def on_button(index: int, kind: str, **parameter: Any) -> dict[str, Any]:
    return {"type": "button", "sub_type": kind, "index": str(index), "parameters": [parameter]}


class TestSending:
    async def test_the_phone_shows_what_it_says_once_filled_in(self, offline: Emulator) -> None:
        await approved(offline, buttons(reply("Merci"), url(), {"type": "COPY_CODE", "example": "ABC"}))
        response = await offline.graph(
            template(
                [
                    words("Grâce", "KX-9"),
                    on_button(0, "quick_reply", type="payload", payload="/thanks"),
                    on_button(1, "URL", type="text", text="KX-9"),
                    on_button(2, "copy_code", type="coupon_code", coupon_code="DIX"),
                ]
            )
        )
        assert response.status_code == 200, response.text
        (message,) = await offline.chat(GRACE)
        rendered = message["payload"]["rendered"]
        assert rendered["body"]["text"] == "Bonjour Grâce, votre colis KX-9 est arrivé chez nous ce matin."
        thanks, track, copy = rendered["buttons"]
        assert (thanks["payload"], track["url"], copy["code"]) == ("/thanks", "https://kimia.example/KX-9", "DIX")

    async def test_named_parameters_may_come_in_any_order(self, offline: Emulator) -> None:
        text = "Bonjour {{who}}, votre colis {{code}} est arrivé chez nous."
        await approved(offline, named(text, who="a", code="b"))
        given = [
            {"type": "text", "parameter_name": name, "text": value}
            for name, value in (("code", "KX"), ("who", "Aline"))
        ]
        assert (await offline.graph(template([{"type": "body", "parameters": given}]))).status_code == 200
        (message,) = await offline.chat(GRACE)
        assert message["payload"]["rendered"]["body"]["text"] == "Bonjour Aline, votre colis KX est arrivé chez nous."
        unnamed = await offline.graph(template([words("KX", "Aline")]))
        assert unnamed.json()["error"]["code"] == 100

    async def test_money_and_dates_are_shown_as_their_fallback(self, offline: Emulator) -> None:
        await approved(offline)
        money = {"type": "currency", "currency": {"fallback_value": "5 $", "code": "USD", "amount_1000": 5000}}
        date = {"type": "date_time", "date_time": {"fallback_value": "lundi"}}
        await offline.graph(template([{"type": "body", "parameters": [money, date]}]))
        (message,) = await offline.chat(GRACE)
        assert message["payload"]["rendered"]["body"]["text"].startswith("Bonjour 5 $, votre colis lundi")

    async def test_a_place_as_header_comes_with_each_message(self, offline: Emulator) -> None:
        await approved(offline, header(format="LOCATION"))
        place = {"latitude": 1, "longitude": 2, "name": "Ici", "address": "Là"}
        part = {"type": "header", "parameters": [{"type": "location", "location": place}]}
        assert (await offline.graph(template([part, words("a", "b")]))).status_code == 200
        (message,) = await offline.chat(GRACE)
        assert message["payload"]["rendered"]["header"] == {"type": "location", "location": place}
        without = await offline.graph(template([words("a", "b")]))
        assert without.json()["error"]["code"] == 132012

    @pytest.mark.parametrize(
        ("components", "code"),
        [
            (None, 132000),
            ([words("one")], 132000),
            ([words("one", "two", "three")], 132000),
            ([{"type": "header", "parameters": [{"type": "text", "text": "a"}]}, words("a", "b")], 132000),
            ([words("a", "b\nc")], 132018),
            ([words("a", "b     c")], 132018),
            ([words("a", "x" * 1025)], 132005),
            ([words("a", "b"), on_button(5, "quick_reply", type="payload", payload="p")], 132018),
        ],
    )
    async def test_parameters_that_do_not_fit_are_refused(
        self, offline: Emulator, components: list[dict[str, Any]] | None, code: int
    ) -> None:
        await approved(offline, {**ARRIVED, "components": [BODY, {"type": "FOOTER", "text": "Kimia"}]})
        response = await offline.graph(template(components))
        assert response.json()["error"]["code"] == code, response.text
        assert await offline.chat(GRACE) == []

    async def test_a_body_alone_may_become_very_long(self, offline: Emulator) -> None:
        await approved(offline)
        assert (await offline.graph(template([words("a", "x" * 5000)]))).status_code == 200

    async def test_a_link_button_needs_its_end_and_another_kind_is_refused(self, offline: Emulator) -> None:
        await approved(offline, buttons(url()))
        assert (await offline.graph(template([words("a", "b")]))).json()["error"]["code"] == 131008
        wrong = on_button(0, "quick_reply", type="payload", payload="p")
        assert (await offline.graph(template([words("a", "b"), wrong]))).json()["error"]["code"] == 132018

    async def test_only_an_approved_one_of_exactly_this_language_is_sent(self, offline: Emulator) -> None:
        sent = template([words("a", "b")])
        assert (await offline.graph(sent)).json()["error"]["code"] == 132001
        template_id = await created(offline)
        assert (await offline.graph(sent)).json()["error"]["code"] == 132001  # nobody has approved it
        for decision, code in (("approve", None), ("pause", 132015), ("unpause", None), ("disable", 132016)):
            await decide(offline, template_id, decision)
            assert (await offline.graph(sent)).json().get("error", {}).get("code") == code
        await decide(offline, template_id, "approve")
        other = await offline.graph(template([words("a", "b")], language={"code": "fr_FR"}))
        assert other.json()["error"]["code"] == 132001

    async def test_a_one_time_code_goes_by_number_only(self, emulator: Emulator, receiver: Receiver) -> None:
        await approved(emulator, GOOD["one-time code"])
        parts = [words("123456"), on_button(0, "url", type="text", text="123456")]
        assert (await emulator.graph(template(parts))).status_code == 200
        (message,) = await emulator.chat(GRACE)
        assert message["payload"]["rendered"]["body"]["text"].startswith("*123456* is your verification code.")
        await eventually(lambda: len(receiver.statuses) == 2)
        by_user = {**template(parts), "to": None, "recipient": receiver.statuses[0]["recipient_user_id"]}
        assert (await emulator.graph(by_user)).json()["error"]["code"] == 131062
