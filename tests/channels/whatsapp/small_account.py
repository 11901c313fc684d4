"""A small WhatsApp account behind a transport: templates, numbers, apps and a token, by Meta's documentation."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from channels.transport import TransportResponse
from channels.whatsapp.graph import Graph, OneToken
from channels.whatsapp.management import Management
from tests.channels.whatsapp.cast import KIMIA, KIMIA_ACCOUNT

TOKEN = "a-token-nobody-may-see"
APP, APP_SECRET = "300000000000001", "an-app-secret-for-tests"
CALLBACK = "https://relais.example/webhooks/whatsapp"

Answer = tuple[int, Any]


def refusal(code: int, status: int = 400, **more: Any) -> Answer:
    return status, {"error": {"message": f"(#{code}) No", "type": "OAuthException", "code": code, **more}}


def number(**changes: Any) -> dict[str, Any]:
    """A number in good health, as the Graph API shows it."""
    return {
        "id": KIMIA,
        "display_phone_number": "+242 06 500 00 01",
        "verified_name": "Kimia Express",
        "quality_rating": "GREEN",
        "status": "CONNECTED",
        "throughput": {"level": "STANDARD"},
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "platform_type": "CLOUD_API",
        "is_on_biz_app": False,
        "webhook_configuration": {"application": CALLBACK},
        "health_status": {"can_send_message": "AVAILABLE", "entities": []},
        **changes,
    }


def template(name: str = "mission_reminder", language: str = "fr", **changes: Any) -> dict[str, Any]:
    return {
        "id": "400000000000001",
        "name": name,
        "language": language,
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "components": [{"type": "BODY", "text": "Votre livraison est en route."}],
        "quality_score": {"score": "GREEN"},
        "rejected_reason": "NONE",
        **changes,
    }


def _unknown() -> Answer:
    return refusal(100, error_subcode=33)


@dataclass
class SmallAccount:
    """One account with one number; change its members to change what it says. `refuse` maps a path to a refusal."""

    templates: list[dict[str, Any]] = field(default_factory=list)
    number: dict[str, Any] = field(default_factory=number)
    apps: list[dict[str, Any]] = field(default_factory=list)
    token: dict[str, Any] = field(
        default_factory=lambda: {
            "app_id": APP,
            "type": "SYSTEM_USER",
            "is_valid": True,
            "expires_at": 0,
            "scopes": ["whatsapp_business_messaging", "whatsapp_business_management"],
        }
    )
    profile: dict[str, Any] = field(default_factory=lambda: {"about": "Livraison à Brazzaville"})
    refuse: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    page_size: int = 2
    waited: list[float] = field(default_factory=list)
    ids: Any = field(default_factory=lambda: itertools.count(400000000000100))

    def management(self) -> Management:
        async def sleep(seconds: float) -> None:
            self.waited.append(seconds)

        return Management(self.graph(), sleep=sleep)

    def graph(self) -> Graph:
        return Graph(self, "https://graph.example", "v23.0", OneToken(TOKEN))

    def paths(self, method: str) -> list[str]:
        return [path for asked, path, _, _ in self.asked if asked == method]

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, timeout_seconds: float
    ) -> TransportResponse:
        parts = urlsplit(url)
        path = parts.path.removeprefix("/v23.0/")
        params = {name: values[0] for name, values in parse_qs(parts.query).items()}
        document = json.loads(content) if headers.get("Content-Type") == "application/json" else None
        self.asked.append((method, path, params, document))
        refusals = self.refuse.get(path)
        if refusals:
            status, answer = refusals.pop(0)
        else:
            status, answer = self._answer(method, path, params, document, headers["Authorization"])
        given = answer.pop("headers", {}) if isinstance(answer, dict) else {}
        return TransportResponse(status=status, headers=given, body=json.dumps(answer).encode())

    async def aclose(self) -> None:
        pass

    def _answer(self, method: str, path: str, params: dict[str, str], document: Any, bearer: str) -> Answer:
        if path == "debug_token":
            known = bearer == f"Bearer {APP}|{APP_SECRET}"
            return (200, {"data": self.token}) if known else refusal(190, 401)
        if bearer != f"Bearer {TOKEN}":
            return refusal(190, 401)
        if path == f"{APP}/uploads" or path.startswith("upload:"):
            return 200, {"h": "4::c2FtcGxl"} if path.startswith("upload:") else {"id": "upload:abc"}
        owner, _, edge = path.partition("/")
        if edge:
            return self._edges[method, edge](params, document) if owner in (KIMIA, KIMIA_ACCOUNT) else _unknown()
        if (method, owner) == ("GET", self.number["id"]):
            return 200, self.number
        return self._edit(owner, document) if method == "POST" else _unknown()

    @property
    def _edges(self) -> dict[tuple[str, str], Callable[[dict[str, str], Any], Answer]]:
        return {
            ("GET", "message_templates"): lambda params, document: (200, self._page(params)),
            ("POST", "message_templates"): lambda params, document: self._create(document),
            ("DELETE", "message_templates"): lambda params, document: self._delete(params),
            ("GET", "phone_numbers"): lambda params, document: (200, {"data": [self.number]}),
            ("GET", "subscribed_apps"): lambda params, document: (200, {"data": self._apps()}),
            ("POST", "subscribed_apps"): lambda params, document: self._subscribe(document),
            ("DELETE", "subscribed_apps"): lambda params, document: self._changed(self.apps.clear),
            ("POST", "register"): lambda params, document: self._changed(
                lambda: self.number.update(status="CONNECTED")
            ),
            ("GET", "whatsapp_business_profile"): lambda params, document: (200, {"data": [self.profile]}),
            ("POST", "whatsapp_business_profile"): lambda params, document: self._changed(
                lambda: self.profile.update(document)
            ),
            ("POST", "messages"): lambda params, document: (200, {"messages": [{"id": "wamid.TEST1"}]}),
        }

    def _changed(self, change: Callable[[], object]) -> Answer:
        change()
        return 200, {"success": True}

    def _apps(self) -> list[dict[str, Any]]:
        return [{"whatsapp_business_api_data": {"id": app["id"], "name": "Relais"}, **app} for app in self.apps]

    def _subscribe(self, document: dict[str, Any]) -> Answer:
        override = {name: document[name] for name in ("override_callback_uri",) if name in document}
        return self._changed(lambda: self.apps.append({"id": APP, **override}))

    def _edit(self, id: str, document: Any) -> Answer:
        for each in self.templates:
            if each["id"] == id:
                each.update({"status": "PENDING", **document})
                return 200, {"success": True}
        return _unknown()

    def _page(self, params: dict[str, str]) -> dict[str, Any]:
        start = int(params.get("after", "0"))
        end = start + self.page_size
        more = {"next": "https://graph.example/next"} if end < len(self.templates) else {}
        return {"data": self.templates[start:end], "paging": {"cursors": {"after": str(end)}, **more}}

    def _create(self, document: Any) -> Answer:
        made = {"id": str(next(self.ids)), "status": "PENDING", **document}
        self.templates.append(made)
        return 200, {"id": made["id"], "status": made["status"], "category": made["category"]}

    def _delete(self, params: dict[str, str]) -> Answer:
        self.templates = [
            each
            for each in self.templates
            if each["name"] != params["name"] or params.get("hsm_id", each["id"]) != each["id"]
        ]
        return 200, {"success": True}
