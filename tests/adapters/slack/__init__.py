"""The Slack adapter without a network."""
