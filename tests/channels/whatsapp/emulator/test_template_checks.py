"""Meta's checks of a new template: what it takes, and what it refuses with which subcode."""

from typing import Any

import pytest

from channels.whatsapp.emulator.graph_errors import GraphError
from channels.whatsapp.emulator.message_templates.creation import check_creation
from tests.channels.whatsapp.emulator.written_templates import ARRIVED, BODY, body, buttons, header, named, reply, url

GOOD = {
    "positional": ARRIVED,
    "nothing to fill in": body("Votre colis est arrivé."),
    "longest": body("x" * 1024),
    "named": named("Bonjour {{first_name}}, votre colis est bien arrivé.", first_name="Grâce"),
    "text header": header(format="TEXT", text="h" * 60),
    "header with a variable": header(
        format="TEXT", text="Colis {{1}} arrivé chez nous", example={"header_text": ["KX-1"]}
    ),
    "place as header": header(format="LOCATION"),
    "footer": {**ARRIVED, "components": [BODY, {"type": "FOOTER", "text": "f" * 60}]},
    "ten replies": buttons(*(reply(f"R{index}") for index in range(10))),
    "replies before a link": buttons(reply(), reply("Non"), url()),
    "two links and a phone": buttons(
        url(), url("https://kimia.example/aide"), {"type": "PHONE_NUMBER", "text": "Appeler", "phone_number": "+24206"}
    ),
    "code to copy": buttons({"type": "COPY_CODE", "example": "c" * 15}, category="MARKETING"),
    "one-time code": {
        **ARRIVED,
        "category": "AUTHENTICATION",
        "components": [
            {"type": "BODY", "add_security_recommendation": True},
            {"type": "FOOTER", "code_expiration_minutes": 10},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
        ],
    },
    "short-lived": {**ARRIVED, "message_send_ttl_seconds": 30},
}

BAD: dict[str, tuple[dict[str, Any], int | None]] = {
    "no name": ({**ARRIVED, "name": ""}, None),
    "capitals in the name": ({**ARRIVED, "name": "Parcel"}, None),
    "long name": ({**ARRIVED, "name": "n" * 513}, 2388040),
    "no language": ({**ARRIVED, "language": None}, None),
    "language in words": ({**ARRIVED, "language": "French"}, None),
    "unknown category": ({**ARRIVED, "category": "TRANSACTIONAL"}, None),
    "no components": ({**ARRIVED, "components": []}, None),
    "components are no list": ({**ARRIVED, "components": {"type": "BODY"}}, None),
    "no body": ({**ARRIVED, "components": [{"type": "FOOTER", "text": "f"}]}, 2388072),
    "two bodies": ({**ARRIVED, "components": [BODY, BODY]}, None),
    "unknown component": ({**ARRIVED, "components": [BODY, {"type": "SIDE"}]}, None),
    "long body": (body("x" * 1025), 2388040),
    "variable at the start": (body("{{1}}, votre colis est arrivé.", "Grâce"), 2388299),
    "variable at the end": (body("Votre colis est arrivé chez {{1}}", "Grâce"), 2388299),
    "variables side by side": (body("Bonjour à vous {{1}} {{2}}, votre colis est là.", "a", "b"), 2388072),
    "too many variables": (body("Bonjour {{1}} colis {{2}} arrivé.", "a", "b"), 2388293),
    "numbers that skip": (body("Votre colis est arrivé chez {{2}} hier.", "a"), 2388072),
    "names without saying so": (body("Votre colis est arrivé chez {{who}} hier.", "a"), 2388072),
    "no examples": (body("Votre colis est arrivé chez {{1}} hier."), 2388072),
    "too few examples": (body("Votre colis {{1}} est arrivé chez {{2}} hier matin.", "a"), 2388072),
    "named without example": (named("Votre colis est arrivé chez {{who}} hier."), 2388072),
    "capitals in a name": (named("Votre colis est arrivé chez {{Who}} hier.", Who="a"), 2388072),
    "long header": (header(format="TEXT", text="h" * 61), 2388040),
    "two variables in a header": (
        header(format="TEXT", text="Colis {{1}} pour {{2}} arrivé", example={"header_text": ["a", "b"]}),
        2388047,
    ),
    "picture without sample": (header(format="IMAGE"), 2388273),
    "picture with a made-up sample": (header(format="IMAGE", example={"header_handle": ["4::x"]}), 2388273),
    "unknown header": (header(format="POEM"), None),
    "long footer": ({**ARRIVED, "components": [BODY, {"type": "FOOTER", "text": "f" * 61}]}, 2388040),
    "variable in the footer": ({**ARRIVED, "components": [BODY, {"type": "FOOTER", "text": "a {{1}}"}]}, 2388073),
    "eleven buttons": (buttons(*(reply(f"R{index}") for index in range(11))), None),
    "replies apart": (buttons(reply(), url(), reply("Non")), 2388060),
    "three links": (buttons(url(), url(), url()), None),
    "two phones": (buttons(*[{"type": "PHONE_NUMBER", "text": "Appeler", "phone_number": "+24206"}] * 2), None),
    "long button": (buttons(reply("t" * 26)), 2388040),
    "variable in a button": (buttons(reply("Oui {{1}}")), None),
    "variable inside a link": (buttons(url("https://kimia.example/{{1}}/x")), None),
    "link without example": (buttons(url(example=None)), None),
    "no link": (buttons({"type": "URL", "text": "Suivre"}), None),
    "long code": (buttons({"type": "COPY_CODE", "example": "c" * 16}), None),
    "flow of nothing": (buttons({"type": "FLOW", "text": "Ouvrir"}), None),
    "unknown button": (buttons({"type": "LEVER", "text": "Tirer"}), None),
    "one-time code in a utility template": (buttons({"type": "OTP", "otp_type": "COPY_CODE"}), None),
    "lives too shortly": ({**ARRIVED, "message_send_ttl_seconds": 29}, None),
}


@pytest.mark.parametrize("name", GOOD)
def test_takes_what_meta_takes(name: str) -> None:
    check_creation(GOOD[name], lambda handle: False)


@pytest.mark.parametrize("name", BAD)
def test_refuses_what_meta_refuses(name: str) -> None:
    document, subcode = BAD[name]
    with pytest.raises(GraphError) as refusal:
        check_creation(document, lambda handle: False)
    assert (refusal.value.status, refusal.value.code, refusal.value.subcode) == (400, 100, subcode)
