"""Who you are: users, teams, memberships, API tokens."""
