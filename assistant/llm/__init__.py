"""Language models: one protocol, and an adapter for each way of reaching one."""
