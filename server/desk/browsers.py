"""What somebody's browser calls itself, in the few words by which one knows one's own again."""

from typing import Final

BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What a User-Agent contains, the first that fits: most also name those they want to be taken for."""
SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)

LONGEST: Final = 40
"""Characters of one that we do not know."""


def browser_name(agent: str) -> str:
    """Firefox · Linux; what we do not know is shown as it is, cut short."""
    browser = next((name for sign, name in BROWSERS if sign in agent), None)
    system = next((name for sign, name in SYSTEMS if sign in agent), None)
    return " · ".join(each for each in (browser, system) if each) or agent[:LONGEST] or "–"
