"""Makes Rasa do less of the same: each function here replaces one wasteful part, with the same result.

`apply` is called once, before a model is loaded. Every replacement has a contract test that compares it with
what it replaces.
"""

from typing import Any

from jsonschema import Draft7Validator, ValidationError
from jsonschema.exceptions import best_match
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.constants import DOCS_BASE_URL
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from relais_bot.rasa_version import require_supported_rasa

_resolve_event_type = Event.resolve_by_type
_find_action_from_rules = RulePolicy._find_action_from_rules
_run_with_dask = DaskGraphRunner.run

#: Names of nodes with the names of what they need, each after those.
Plan = list[tuple[str, list[str]]]

_event_types: dict[str, type[Event]] = {}
_result_validator = Draft7Validator(RemoteAction.action_response_format_spec())


def apply() -> None:
    """Puts the replacements in place, for good."""
    require_supported_rasa()
    RemoteAction._validate_action_result = validate_action_result
    Event.resolve_by_type = staticmethod(resolve_event_type)
    RulePolicy._find_action_from_rules = find_action_from_rules
    DaskGraphRunner.run = run_in_order


def run_in_order(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Calls the nodes that the targets need, one after the other.

    Dask plans the whole graph anew for every message and again for every action, which takes longer than running it.
    """
    plans: dict[tuple[str, ...], Plan] = self.__dict__.setdefault("_relais_plans", {})
    wanted = tuple(targets or self._graph_schema.target_names)
    if wanted not in plans:
        plans[wanted] = _plan(self, wanted)
    results = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, needs in plans[wanted]:
            results[name] = self._instantiated_nodes[name](*[results.get(need, need) for need in needs])
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(results[name] for name in wanted)


def _plan(runner: DaskGraphRunner, targets: tuple[str, ...]) -> Plan:
    nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
    plan: dict[str, list[str]] = {}

    def add(name: str) -> None:
        if name not in nodes or name in plan:
            return
        needs = list(nodes[name].needs.values())
        for need in needs:
            add(need)
        plan[name] = needs

    for target in targets:
        add(target)
    return list(plan.items())


def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Checks the answer of the action server. Rasa checks its own, huge schema again before each use."""
    error = best_match(_result_validator.iter_errors(result))
    if error is None:
        return True
    raise ValidationError(
        f"{error.message}. Failed to validate Action server response from API, make sure your response from the "
        f"Action endpoint is valid. For more information about the format visit {DOCS_BASE_URL}/custom-actions"
    )


def resolve_event_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Remembers the class of an event type. Rasa walks all classes for every event it reads.

    Only hits are remembered: what a miss means depends on `default`.
    """
    known = _event_types.get(type_name)
    if known is None:
        known = _resolve_event_type(type_name, default)
        if known is not None and known is not default:
            _event_types[type_name] = known
    return known


def find_action_from_rules(
    self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
) -> tuple[str | None, str | None, bool]:
    """Skips the search for rules that quote the user's words when every rule asks for an intent.

    Rasa makes this search before each turn's first action, over the whole session, even without such rules.
    """
    if use_text_for_last_user_input and _every_rule_asks_for_an_intent(self):
        return None, None, False
    return _find_action_from_rules(self, tracker, domain, use_text_for_last_user_input)


def _every_rule_asks_for_an_intent(policy: RulePolicy) -> bool:
    # Found out once per policy: a loaded policy does not change.
    if not hasattr(policy, "_relais_only_intents"):
        keys = [key for table in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in policy.lookup.get(table, {})]
        policy._relais_only_intents = all(map(_asks_for_an_intent, keys))
    return bool(policy._relais_only_intents)


def _asks_for_an_intent(rule_key: str) -> bool:
    """Whether a rule cannot match directly after a message of which only the text is looked at."""
    latest = RulePolicy._rule_key_to_state(rule_key)[-1]
    if latest.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) != ACTION_LISTEN_NAME:
        return bool(latest.get(PREVIOUS_ACTION))
    return bool(latest.get(USER, {}).get(INTENT))
