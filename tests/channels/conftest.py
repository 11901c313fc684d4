"""How hypothesis behaves on machines that many share: no example fails for being slow."""

from hypothesis import HealthCheck, settings

settings.register_profile("unhurried", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
