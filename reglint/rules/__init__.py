"""The rules, one module each; a rule is registered by standing in this folder."""
