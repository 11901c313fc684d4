"""Starts Rasa without the parts of it that are not used here.

Rasa imports TensorFlow whatever the pipeline, every channel it knows, and drivers for databases nobody chose: most
of the time to start and of the memory, for a linear classifier and rules. Those modules are replaced by empty ones
of the same name, before Rasa is imported. A class that is asked for all the same says so.
"""

import sys
from collections.abc import Collection, Mapping
from types import ModuleType
from typing import Any

#: module -> the names other parts of Rasa import from it. These need TensorFlow; a model may use them.
NETWORKS = {
    "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier",),
    "rasa.nlu.selectors.response_selector": ("ResponseSelector",),
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("ConveRTFeaturizer",),
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("LanguageModelFeaturizer",),
    "rasa.core.policies.ted_policy": ("TEDPolicy",),
    "rasa.core.policies.unexpected_intent_policy": ("UnexpecTEDIntentPolicy",),
}
_FOR_NETWORKS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator", "RasaDataGenerator"),
}
#: These are not used here unless credentials.yml names them: other people's channels, charts, two databases.
UNUSED = {
    "rasa.core.channels.botframework": ("BotFrameworkInput",),
    "rasa.core.channels.callback": ("CallbackInput",),
    "rasa.core.channels.console": ("CmdlineInput",),
    "rasa.core.channels.facebook": ("FacebookInput",),
    "rasa.core.channels.hangouts": ("HangoutsInput",),
    "rasa.core.channels.mattermost": ("MattermostInput",),
    "rasa.core.channels.rasa_chat": ("RasaChatInput",),
    "rasa.core.channels.rocketchat": ("RocketChatInput",),
    "rasa.core.channels.slack": ("SlackInput",),
    "rasa.core.channels.socketio": ("SocketIOInput",),
    "rasa.core.channels.telegram": ("TelegramInput",),
    "rasa.core.channels.twilio": ("TwilioInput",),
    "rasa.core.channels.twilio_voice": ("TwilioVoiceInput",),
    "rasa.core.channels.webexteams": ("WebexTeamsInput",),
    "rasa.utils.plotting": (),
    "boto3.dynamodb.conditions": ("Key",),
    "pymongo.collection": ("Collection",),
}


#: Channels of Rasa that are not called like their module.
_MODULES_OF_CHANNELS = {"rasa": "rasa_chat", "cmdline": "console"}


def leave_out_unused_parts(configuration: str, channels: Collection[str] = ()) -> None:
    """Puts the empty modules in place. `configuration` is a config.yml, or the metadata of a trained model.

    `channels` are those of credentials.yml: they stay as they are.
    """
    wanted = {f"rasa.core.channels.{_MODULES_OF_CHANNELS.get(name, name)}" for name in channels}
    _stand_in({module: names for module, names in UNUSED.items() if module not in wanted})
    if not needs_tensorflow(configuration):
        _stand_in({**NETWORKS, **_FOR_NETWORKS})


def needs_tensorflow(configuration: str) -> bool:
    """Whether one of Rasa's networks is named."""
    return any(name in configuration for names in NETWORKS.values() for name in names)


def lacks_what_is_needed(configuration: str) -> bool:
    """Whether this process left out a network that the model needs: only one that starts anew can load it."""
    made = [getattr(sys.modules.get(module), names[0], None) for module, names in NETWORKS.items()]
    return needs_tensorflow(configuration) and any(
        isinstance(each, type) and issubclass(each, _LeftOut) for each in made
    )


def _stand_in(modules: Mapping[str, tuple[str, ...]]) -> None:
    for module, names in modules.items():
        if module in sys.modules:
            continue
        stand_in = ModuleType(module, f"Stands in for {module}, which this process left out.")
        for name in names:
            setattr(stand_in, name, type(name, (_LeftOut,), {"__module__": module}))
        sys.modules[module] = stand_in


class _LeftOut:
    """A class of Rasa's that was left out of this process."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise RuntimeError(f"{type(self).__name__} was left out of this process (see relais_bot/light.py).")

    @classmethod
    def name(cls) -> str:
        """Rasa lists its channels by name when they are imported."""
        return cls.__name__
