"""A template for tests, and Meta's view of one."""

from typing import Any

from channels.whatsapp.account import RemoteTemplate, read_template
from channels.whatsapp.templates import Definition, creation


def a_template(**changes: Any) -> Definition:
    """A utility template in French against which nothing is to be said, with changes."""
    return Definition.model_validate(
        {
            "name": "delivery_planned",
            "language": "fr",
            "category": "utility",
            "header": "Votre livraison",
            "body": "Bonjour {{first_name}}, votre livraison {{code}} arrive bientôt chez vous.",
            "footer": "Kimia Express",
            "buttons": [
                {"type": "quick_reply", "text": "Suivre"},
                {"type": "url", "text": "Payer", "url": "https://kimia.example/pay/{{code}}"},
            ],
            "examples": {"first_name": "Grâce", "code": "COUR-20260114-037"},
            **changes,
        }
    )


def at_meta(definition: Definition, **changes: Any) -> RemoteTemplate:
    """The template as Meta lists it once it was created."""
    found = read_template({"id": "4", "status": "APPROVED", **creation(definition, "a-handle"), **changes})
    assert found is not None
    return found
