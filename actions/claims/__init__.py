"""When something went wrong: photos, complaints question by question, what became of them."""

from actions.claims.answering import ValidateClaimForm
from actions.claims.asking import AskClaimAbout, AskClaimConfirmation, AskClaimPhotos
from actions.claims.changing import ChangeClaim, HelpWithClaim, KeepClaimPhoto, LeaveClaim
from actions.claims.making import MakeClaim
from actions.claims.photos import TakeMedia
from actions.claims.starting import StartClaim
from actions.claims.status import ShowClaimStatus

__all__ = [
    "AskClaimAbout",
    "AskClaimConfirmation",
    "AskClaimPhotos",
    "ChangeClaim",
    "HelpWithClaim",
    "KeepClaimPhoto",
    "LeaveClaim",
    "MakeClaim",
    "ShowClaimStatus",
    "StartClaim",
    "TakeMedia",
    "ValidateClaimForm",
]
