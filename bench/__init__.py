"""Benchmarks: ratios against a named peer or ceiling measured in the same run."""
