"""The application: settings, wiring, the loops, and the `onward` command."""
