"""How to mend a finding: how this file spells a regularizer, where the change belongs, and the edits."""
