"""What people ask about themselves: what they hear from us, what we keep of them, and that we forget it."""

from actions.privacy.data import DELETION, DeleteMyData, ExportMyData, keep_data
from actions.privacy.notifications import ChooseNotifications

__all__ = ["DELETION", "ChooseNotifications", "DeleteMyData", "ExportMyData", "keep_data"]
