"""Sign-in, sessions and the REST framework."""

AUTH_USER_MODEL = "people.Person"
