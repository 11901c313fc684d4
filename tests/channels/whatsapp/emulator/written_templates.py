"""Templates as a business writes them, and what it asks the Graph API about them."""

from typing import Any

import httpx

from channels.whatsapp.emulator.numbers import account_id
from tests.channels.whatsapp.emulator.world import BEARER, KIMIA, PROGRAM, Emulator

WABA = account_id(KIMIA)
BODY = {
    "type": "BODY",
    "text": "Bonjour {{1}}, votre colis {{2}} est arrivé chez nous ce matin.",
    "example": {"body_text": [["Grâce", "KX-1"]]},
}
ARRIVED: dict[str, Any] = {"name": "parcel_arrived", "language": "fr", "category": "UTILITY", "components": [BODY]}


def body(text: str, *examples: str) -> dict[str, Any]:
    example = {"example": {"body_text": [list(examples)]}} if examples else {}
    return {**ARRIVED, "components": [{"type": "BODY", "text": text, **example}]}


def named(text: str, **examples: str) -> dict[str, Any]:
    listed = [{"param_name": name, "example": value} for name, value in examples.items()]
    part = {"type": "BODY", "text": text, "example": {"body_text_named_params": listed}}
    return {**ARRIVED, "parameter_format": "NAMED", "components": [part]}


def header(**parts: Any) -> dict[str, Any]:
    return {**ARRIVED, "components": [{"type": "HEADER", **parts}, BODY]}


def buttons(*listed: dict[str, Any], **around: Any) -> dict[str, Any]:
    return {**ARRIVED, "components": [BODY, {"type": "BUTTONS", "buttons": list(listed)}], **around}


def reply(text: str = "Oui") -> dict[str, str]:
    return {"type": "QUICK_REPLY", "text": text}


def url(address: str = "https://kimia.example/{{1}}", **parts: Any) -> dict[str, Any]:
    return {"type": "URL", "text": "Suivre", "url": address, "example": ["https://kimia.example/KX-1"], **parts}


async def create(emulator: Emulator, document: dict[str, Any]) -> httpx.Response:
    return await emulator.http.post(f"/v23.0/{WABA}/message_templates", json=document, headers=BEARER)


async def created(emulator: Emulator, document: dict[str, Any] = ARRIVED) -> str:
    response = await create(emulator, document)
    assert response.status_code == 200, response.text
    template_id: str = response.json()["id"]
    return template_id


async def decide(emulator: Emulator, template_id: str, decision: str, **parts: str) -> dict[str, Any]:
    body = {"decide": decision, **parts}
    response = await emulator.http.post(f"/api/templates/{template_id}", json=body, headers=PROGRAM)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def approved(emulator: Emulator, document: dict[str, Any] = ARRIVED) -> str:
    template_id = await created(emulator, document)
    await decide(emulator, template_id, "approve")
    return template_id


async def listed(emulator: Emulator, **query: str) -> dict[str, Any]:
    response = await emulator.http.get(f"/v23.0/{WABA}/message_templates", params=query, headers=BEARER)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer
