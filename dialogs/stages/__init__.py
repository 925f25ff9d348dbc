"""The stages of the article, one module each. None of them knows another; the engine leads from one to the next."""
