"""What keeps a finding quiet: comments in the source, and a baseline of what was there before."""
