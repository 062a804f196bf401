"""The servers, databases and people that tests stand on."""
