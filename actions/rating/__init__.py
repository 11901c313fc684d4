"""What people think of a delivery: one to five stars, and a word about it if they like."""

from actions.rating.commenting import SendComment, ValidateCommentForm
from actions.rating.scoring import AskScore, SendRating, StartRating, ValidateRatingForm

__all__ = [
    "AskScore",
    "SendComment",
    "SendRating",
    "StartRating",
    "ValidateCommentForm",
    "ValidateRatingForm",
]
