"""What every app may point at. Business objects are named here by kind, code and URL as text: no arrow goes up."""

from pmo.models.calendar import CityHoliday
from pmo.models.jobs import JobSlot
from pmo.models.mails import MailMessage
from pmo.models.messages import Notification
from pmo.models.role_changes import RoleChange
from pmo.models.saved_views import SavedView
from pmo.models.users import User

__all__ = ["CityHoliday", "JobSlot", "MailMessage", "Notification", "RoleChange", "SavedView", "User"]
