from rubric_studio.accounts.models.team import Membership, Role, Team
from rubric_studio.accounts.models.token import ApiToken, Scope
from rubric_studio.accounts.models.user import SignInLink, User

__all__ = ["ApiToken", "Membership", "Role", "Scope", "SignInLink", "Team", "User"]
