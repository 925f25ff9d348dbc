"""The Slack adapter against a server that speaks Slack's protocols."""
