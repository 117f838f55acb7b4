"""Lets Rasa be imported without TensorFlow, which the rule policy never calls.

Rasa imports its neural components wherever it looks at one of them. `install` answers every import
below the packages in `ABSENT` with a module whose names are empty classes: enough to subclass, decorate
and annotate with, useless to compute with. Where TensorFlow is really installed nothing is replaced.
"""
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types

ABSENT = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras")


class _Nameless(type):
    """Gives every class of the stand-in any public attribute that is asked for."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _empty_class(name)


class _Empty(metaclass=_Nameless):
    def __init__(self, *args, **kwargs):
        pass

    def __init_subclass__(cls, **kwargs):
        pass

    def __class_getitem__(cls, item):
        return cls

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _empty_class(name)

    def __call__(self, *args, **kwargs):
        # A decorator with options (`@tf.function(...)`) hands the function back.
        return args[0] if args and callable(args[0]) else _Empty()


def _empty_class(name):
    return type(name, (_Empty,), {})


class _Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "function":
            return _function
        return _empty_class(name)


def _function(*args, **kwargs):
    """Stands in for `tf.function`, used bare and with options."""
    if args and callable(args[0]):
        return args[0]
    return lambda wrapped: wrapped


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ABSENT:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = _Module(spec.name)
        module.__path__ = []
        module.__version__ = "2.12.0"
        return module

    def exec_module(self, module):
        pass


def install():
    """Puts the stand-in in place, unless the real TensorFlow is there."""
    if importlib.util.find_spec("tensorflow") is None:
        sys.meta_path.append(_Finder())
