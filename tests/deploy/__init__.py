"""What is in docs/deploy fits the project; `make image` builds and tries the image itself."""
