"""When something went wrong: photos, complaints, what became of them."""

from actions.claims.photos import TakeMedia

__all__ = ["TakeMedia"]
