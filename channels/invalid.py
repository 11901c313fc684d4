"""What is wrong with a message before anything leaves, in words that name the field."""


class InvalidMessage(ValueError):
    """This can never be sent as it is. The problem holds nothing of what people wrote, nor an address or number."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")
        self.field = field
        self.problem = problem
