"""Where the template files of a business are."""

from pathlib import Path

from channels.whatsapp.templates.files import Folder, read_folder


def template_folder(folder: Path, business: str) -> Folder:
    """The template files of a business: its own folder where it has one, else those for all."""
    own = folder / business
    return read_folder(own if own.is_dir() else folder)
