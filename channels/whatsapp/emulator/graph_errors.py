"""The errors the Graph API answers with, in Meta's shape and words.

GraphError            an answer other than 200
└── raised through the functions below, one per code, each named after what went wrong
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels.whatsapp.emulator.numbers import new_trace_id

# code -> (HTTP status, title). Titles as Meta's error page lists them.
TITLES: Mapping[int, tuple[int, str]] = {
    1: (500, "An unknown error occurred"),
    2: (503, "Service temporarily unavailable"),
    4: (400, "Application request limit reached"),
    33: (400, "The business phone number has been deleted"),
    100: (400, "Invalid parameter"),
    190: (401, "Invalid OAuth access token - Cannot parse access token"),
    2500: (400, "Unknown path components"),
    80007: (400, "Rate limit issues"),
    130429: (400, "Rate limit hit"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (503, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131047: (400, "Re-engagement message"),
    131051: (400, "Unsupported message type"),
    131031: (403, "Business Account locked"),
    131042: (400, "Business eligibility payment issue"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement"),
    131050: (400, "User has stopped receiving marketing messages from the business"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131062: (400, "Business-scoped user ids are not supported for this message"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132007: (400, "Template content policy violated"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132018: (400, "Template parameter is not valid"),
    133010: (400, "Phone number not registered"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (400, "Account in maintenance mode"),
}
_BARE = (190, 2500)  # Meta writes these without "(#code)"


@dataclass(eq=False)  # not frozen: Python writes tracebacks onto exceptions
class GraphError(Exception):
    code: int
    details: str | None = None
    subcode: int | None = None
    http_status: int | None = None  # instead of the code's usual one
    message: str | None = None  # instead of the code's usual one
    type: str = "OAuthException"
    user_title: str | None = None  # what Meta would show to a person at the business
    user_message: str | None = None

    @property
    def status(self) -> int:
        return self.http_status or TITLES.get(self.code, (400, ""))[0]

    def body(self) -> dict[str, Any]:
        title = TITLES.get(self.code, (400, "An error occurred"))[1]
        error: dict[str, Any] = {
            "message": self.message or (title if self.code in _BARE else f"(#{self.code}) {title}"),
            "type": self.type,
            "code": self.code,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.user_title is not None:
            error |= {"is_transient": False, "error_user_title": self.user_title, "error_user_msg": self.user_message}
        return {"error": {**error, "fbtrace_id": new_trace_id()}}


def unauthorized() -> GraphError:
    return GraphError(190)


def unknown_object(phone_number_id: str) -> GraphError:
    return GraphError(
        100,
        subcode=33,
        type="GraphMethodException",
        message=f"Unsupported post request. Object with ID '{phone_number_id}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation. Please read the Graph API "
        "documentation at https://developers.facebook.com/docs/graph-api",
    )


def unknown_path(path: str) -> GraphError:
    return GraphError(2500, message=f"Unknown path components: {path}")


def not_json() -> GraphError:
    return GraphError(100, "The request body is not a JSON object.")


def required(parameter: str) -> GraphError:
    """One of the parameters around the message is missing: messaging_product, to, …"""
    return GraphError(100, message=f"(#100) The parameter {parameter} is required.")


def missing(path: str) -> GraphError:
    """Part of the message itself is missing."""
    return GraphError(131008, f"Parameter '{path}' is mandatory.")


def wrong_type(path: str, expected: str) -> GraphError:
    return GraphError(100, message=f"(#100) Param {path} must be {expected}.")


def unexpected(path: str, key: str) -> GraphError:
    return GraphError(100, f"Unexpected key '{key}' on param '{path}'.")


def invalid(path: str, problem: str) -> GraphError:
    return GraphError(131009, f"Parameter '{path}' {problem}.")


def unsupported(kind: str) -> GraphError:
    """Real at Meta, but not spoken here: said plainly, so that nobody takes it for Meta's refusal."""
    return GraphError(131051, f"The emulator does not speak '{kind}'.")
