"""What cloud and node agree on: levels, detectors, masking, policy and envelopes. All of it is pure."""
