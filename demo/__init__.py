"""Things to try Relais with: a reference backend with data of its own."""
