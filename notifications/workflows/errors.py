"""What can be wrong with a workflow.

WorkflowError
├── BadWorkflow      a text is no workflow; names the file, the field, what is wrong and how to mend it
└── CannotRender     a workflow says nothing for these data; names the workflow, the channel and the field
"""


class WorkflowError(Exception):
    """Somebody has to change a workflow, or the data it was triggered with."""


class BadWorkflow(WorkflowError):
    """A workflow cannot be used as it is written."""

    def __init__(self, source: str, field: str, problem: str, remedy: str) -> None:
        where = f"{source}: {field}" if field else source
        super().__init__(f"{where} {problem}. {remedy}.")
        self.source = source
        self.field = field
        self.problem = problem
        self.remedy = remedy


class CannotRender(WorkflowError):
    """A content cannot be made of these data. The sentence never repeats what they hold."""

    def __init__(self, workflow: str, where: str, problem: str) -> None:
        super().__init__(f"{workflow}: {where} {problem}")
        self.workflow = workflow
        self.where = where
        self.problem = problem
