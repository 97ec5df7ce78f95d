"""Ask a folder of documents; every sentence of the answer is a quotation that proves itself."""

from importlib.metadata import version

__version__ = version("footnoted")
