"""Words as people mean them: without case and accents."""

import unicodedata


def letters(text: str) -> str:
    """Lower case, without accents; typographic apostrophes and ligatures as one types them."""
    plain = text.casefold().replace("œ", "oe").replace("’", "'")
    return "".join(
        character for character in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(character)
    )
