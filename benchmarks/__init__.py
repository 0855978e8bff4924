"""How fast KPIBoard is, in ratios that hold on any machine; see README.md."""
