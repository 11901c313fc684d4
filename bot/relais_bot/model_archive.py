"""Looks into a trained model without loading it."""

import tarfile
from pathlib import Path

from relais_bot.refusals import MODEL_MISSING, Refused


def metadata_of(model: Path) -> str:
    """What the model is made of, as Rasa wrote it into the archive. Raises `Refused`."""
    try:
        with tarfile.open(model) as archive:
            member = archive.extractfile("metadata.json")
            return member.read().decode("utf-8") if member else ""
    except FileNotFoundError:
        raise Refused(MODEL_MISSING.format(model=model)) from None
    except tarfile.ReadError as error:
        raise Refused(f"{model} is not a model of Rasa: run `make train`.") from error
    except (tarfile.TarError, KeyError, OSError) as error:
        raise Refused(f"{model} is not a model of Rasa ({error}): run `make train`.") from error
