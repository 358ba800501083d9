"""What changed from release to release, as pages, feed and patch; and earlier releases by date (Memento)."""
