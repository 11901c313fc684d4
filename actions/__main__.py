"""The action server's composition root: `python -m actions`."""

import contextlib
import errno
import socket
import sys

import httpx
import structlog
import uvicorn
import uvloop
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from actions.affirming import Affirm, Deny
from actions.checkout import checkout_actions
from actions.claims import (
    AskClaimAbout,
    AskClaimConfirmation,
    AskClaimPhotos,
    ChangeClaim,
    HelpWithClaim,
    KeepClaimPhoto,
    LeaveClaim,
    MakeClaim,
    ShowClaimStatus,
    StartClaim,
    TakeMedia,
    ValidateClaimForm,
)
from actions.courier import ContactCourier
from actions.delivery_price import LeaveWay, TellDeliveryPrice, ValidateWayForm
from actions.fallback import DefaultFallback, OutOfScope
from actions.logs import configure_logs
from actions.merchants import ContactMerchant
from actions.moving import (
    AskNewDropoffConfirmation,
    ChangeAddress,
    LeaveMove,
    MoveDropoff,
    ValidateAddressForm,
)
from actions.orders import CancelOrder, CancelShown, ShowHistory
from actions.parcel import (
    AskParcelConfirmation,
    AskParcelPayment,
    ChangeParcel,
    CreateParcel,
    DropParcel,
    HelpWithParcel,
    LeaveParcel,
    SendParcel,
    ValidateParcelForm,
)
from actions.paying import PaymentQuestion
from actions.people import PeopleClient
from actions.privacy import ChooseNotifications, DeleteMyData, ExportMyData
from actions.rating import (
    AskScore,
    SendComment,
    SendRating,
    StartRating,
    ValidateCommentForm,
    ValidateRatingForm,
)
from actions.reminded import ConfirmReminder
from actions.reordering import Reorder
from actions.settings import Settings, WrongSetting, read_settings
from actions.sharing import ShareTracking
from actions.shop import (
    AnswerShop,
    AskShopQuestion,
    BrowseProducts,
    LeaveShop,
    NoteForMerchant,
    OrderProduct,
    PriceQuestion,
    ShowCart,
    UsePromoCode,
)
from actions.team import ChangeLanguage, HumanAgent
from actions.tracking import TrackDelivery, ValidateTrackingForm
from actions.web import create_app
from actions.whereabouts import WhereIsCourier
from backend import BackendClient

HOST = "127.0.0.1"

# The bot keeps idle connections for 30 s (bot/relais_bot/action_server.py): the one who waits longer is us, so that
# no call is sent into a connection that is just being closed.
KEEP_ALIVE_SECONDS = 120

# A backend that hangs must not use up the connections of those who ask for something else; how many turns run at
# once is the server's decision.
# Idle connections are given up before the other end, which by uvicorn's default waits 5 s, closes them: no call is
# to be sent into a connection that is just being closed.
IDLE_SECONDS = 2.0
BACKEND_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=IDLE_SECONDS)
SERVER_LIMITS = httpx.Limits(keepalive_expiry=IDLE_SECONDS)

log = structlog.get_logger("actions")


def all_actions(people: PeopleClient, backend: BackendClient) -> tuple[Action, ...]:
    """Every action of domain/, once."""
    return (
        *checkout_actions(people, backend),
        Affirm(people, backend),
        AnswerShop(people, backend),
        AskClaimAbout(people, backend),
        AskClaimConfirmation(people, backend),
        AskClaimPhotos(),
        AskNewDropoffConfirmation(people, backend),
        AskParcelConfirmation(people, backend),
        AskParcelPayment(people, backend),
        AskScore(),
        AskShopQuestion(people, backend),
        BrowseProducts(people, backend),
        CancelOrder(people, backend),
        CancelShown(people, backend),
        ChangeAddress(people, backend),
        ChangeClaim(),
        ChangeLanguage(),
        ChangeParcel(),
        ChooseNotifications(people),
        ConfirmReminder(people, backend),
        ContactCourier(people, backend),
        ContactMerchant(people, backend),
        CreateParcel(people, backend),
        DefaultFallback(people, backend),
        DeleteMyData(people, backend),
        Deny(),
        DropParcel(people, backend),
        ExportMyData(people),
        HelpWithClaim(),
        HelpWithParcel(),
        HumanAgent(people),
        KeepClaimPhoto(),
        LeaveClaim(),
        LeaveMove(),
        LeaveParcel(),
        LeaveShop(),
        LeaveWay(),
        MakeClaim(people, backend),
        MoveDropoff(people, backend),
        NoteForMerchant(people, backend),
        OrderProduct(people, backend),
        OutOfScope(people, backend),
        PaymentQuestion(people, backend),
        PriceQuestion(people, backend),
        Reorder(people, backend),
        SendComment(people, backend),
        SendParcel(),
        SendRating(people, backend),
        ShareTracking(people, backend),
        ShowCart(people, backend),
        ShowClaimStatus(people, backend),
        ShowHistory(people, backend),
        StartClaim(people, backend),
        StartRating(people, backend),
        TakeMedia(),
        TellDeliveryPrice(people, backend),
        TrackDelivery(people, backend),
        UsePromoCode(people, backend),
        ValidateAddressForm(people),
        ValidateClaimForm(people, backend),
        ValidateCommentForm(),
        ValidateParcelForm(people, backend),
        ValidateRatingForm(people),
        ValidateTrackingForm(people),
        ValidateWayForm(people),
        WhereIsCourier(people, backend),
    )


async def serve(settings: Settings, listening: socket.socket) -> None:
    """Answer Rasa until the process is told to stop."""
    secret = settings.relais_secret.get_secret_value()
    async with (
        httpx.AsyncClient(trust_env=False, limits=BACKEND_LIMITS) as backend_http,
        httpx.AsyncClient(trust_env=False, limits=SERVER_LIMITS) as server_http,
    ):
        people = PeopleClient(server_http, str(settings.server_url), secret)
        token = settings.backend_token.get_secret_value()
        backend = BackendClient(backend_http, str(settings.backend_url), token)
        executor = ActionExecutor()
        for action in all_actions(people, backend):
            executor.register_action(action)
        config = uvicorn.Config(
            create_app(executor, secret),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        log.info("actions are ready", port=settings.actions_port)
        await uvicorn.Server(config).serve(sockets=[listening])


def listen(port: int) -> socket.socket:
    """Take the port, or say in one sentence that somebody else has it."""
    # Without the protocol asyncio leaves Nagle's algorithm on, and every answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        problem = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise WrongSetting(f"Port {port} {problem}: set ACTIONS_PORT to a free one.") from None
    return listening


def main() -> int:
    """Run; return the exit code."""
    try:
        settings = read_settings()
        configure_logs(settings.log_level)
        listening = listen(settings.actions_port)
    except WrongSetting as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - logs may not be set up yet
        return 1
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C ends it like any other stop
        uvloop.run(serve(settings, listening))
    return 0


if __name__ == "__main__":
    sys.exit(main())
