"""Who works at the desk: members and their roles, passwords, second factors, sessions, one-time links, the audit.

Knows nothing of HTTP: the pages are in `server/desk`.
"""

from staff.member import Member
from staff.roles import Act, Role

__all__ = ["Act", "Member", "Role"]
