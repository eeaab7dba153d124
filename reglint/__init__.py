"""reglint: a linter and auto-fixer for regularization in Keras code that proves each fix in ``model.losses``."""

__version__ = "0.1.0"
