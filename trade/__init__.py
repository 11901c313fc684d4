"""The trade itself: missions, products, money, phones, and how they read in each language.

Everything here is pure: values in, values or text out. No network, no clock, no environment.
"""
