"""KPIBoard as it is measured: the product itself, with a page to compare with and a clock that stands on the company's last day."""
