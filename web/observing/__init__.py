"""What those who run the service see of it: health, readiness, metrics, logs with request ids."""

from web.observing.door import ObservingDoor, families_of
from web.observing.logs import set_up_logging
from web.observing.meters import take_slot

__all__ = ["ObservingDoor", "families_of", "set_up_logging", "take_slot"]
