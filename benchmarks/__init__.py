"""How fast the app is. `make bench` runs `benchmarks.bench_app`."""
