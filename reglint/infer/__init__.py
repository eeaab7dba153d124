"""From what code does most to a policy that asks for it."""
