"""The commands of `workshop` that everyone has. What a command needs is imported when it runs, not before."""
