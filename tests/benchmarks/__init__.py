"""Benchmarks: figures against targets, with the peers installed and run beside Planmark on one machine."""
