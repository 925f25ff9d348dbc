"""What `onward check` looks at, a file for each part of the set-up."""
