"""What knows nothing of any particular transform: parameters, targets, randomness, composition, serialization."""
