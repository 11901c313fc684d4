"""The commands of `./relais`, by what they are about."""
