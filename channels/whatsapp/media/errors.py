"""What goes wrong with a file. Callers catch the base, or act on a class; the text is a reason in words:

MediaError              never holds an address, a name or a token
├── MediaGone           whoever had the file has it no longer
├── MediaRefused        we do not take it: too large, not what it claims, or not from there
└── MediaUnavailable    not now; the same request may pass later
"""


class MediaError(Exception):
    """A file was not had."""


class MediaGone(MediaError):
    """It was there once, or never; asking again is in vain."""


class MediaRefused(MediaError):
    """It could be had, and is not wanted."""


class MediaPrivate(MediaRefused):
    """It lies in a private network or behind a login: no link to show a person either."""


class MediaUnavailable(MediaError):
    """The network, the other side or our patience gave up."""
