"""A server that speaks Discord's API v10 (REST and gateway) as its documentation says, and tests against it."""
