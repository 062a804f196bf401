"""Failures that products of this kind have really had, as tests named by trial id."""
