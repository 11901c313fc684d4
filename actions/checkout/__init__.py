"""From the cart to the order: asking what it needs, placing it once, taking the reference of its payment."""

from rasa_sdk import Action

from actions.checkout.answering import ValidateCheckoutForm
from actions.checkout.asking import AskDropoff, AskPayment
from actions.checkout.catalogue import TakeCart
from actions.checkout.changing import ChangeCheckout, HelpWithCheckout, LeaveCheckout
from actions.checkout.confirming import AskOrderConfirmation
from actions.checkout.dropping import DropOrder
from actions.checkout.paying import AskReference, GiveReference, ReferenceLater, ValidateReferenceForm
from actions.checkout.placing import PlaceOrder
from actions.checkout.starting import StartCheckout
from actions.people import PeopleClient
from backend import BackendClient

__all__ = ["GiveReference", "PlaceOrder", "checkout_actions"]


def checkout_actions(people: PeopleClient, backend: BackendClient) -> tuple[Action, ...]:
    """Every action of domain/checkout.yml, once."""
    return (
        AskDropoff(people, backend),
        AskOrderConfirmation(people, backend),
        AskPayment(people, backend),
        AskReference(people, backend),
        ChangeCheckout(),
        DropOrder(people, backend),
        GiveReference(people, backend),
        HelpWithCheckout(),
        LeaveCheckout(),
        PlaceOrder(people, backend),
        ReferenceLater(),
        StartCheckout(people, backend),
        TakeCart(people, backend),
        ValidateCheckoutForm(people),
        ValidateReferenceForm(people),
    )
