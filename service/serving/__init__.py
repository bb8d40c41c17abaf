"""What stands between the application and the network: gunicorn's worker, its settings, the cores it may use.

``service/gunicorn.py`` puts them together; nothing here is imported by the application itself.
"""

from service.serving.cores import usable_cores
from service.serving.settings import ServerSettings

__all__ = ["ServerSettings", "usable_cores"]
