"""What a tenant's owners say is secret: every version of their policy, and the one in force."""
