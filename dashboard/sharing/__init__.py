"""What several workers, or several hosts, share: results that are kept, counts, locks, and a secret."""
