"""benchmarks/run: how fast KPIBoard is on a made company, against limits (see benchmarks/README.md)."""

from benchmarks import measuring

main = measuring.main
