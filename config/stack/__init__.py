"""The embedded servers of one machine: PostgreSQL, Valkey and a model, without Django.

    with Stack(root=PROJECT, state_dir=STATE, want_model=False) as address:
        os.environ.update(address.environ)      # DATABASE_URL, REDIS_URL, …

`attached(root)` answers the environment of a stack that already runs, or None.
Everything a stack starts dies with the process that started it.
"""
