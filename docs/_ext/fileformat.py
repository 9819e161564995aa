"""The reference of the experiment file, read off the schema that checks the files."""

import inspect
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from munu.base.units import UNITS, Range
from munu.experiments.schema import document
from munu.experiments.schema.fields import Section
from munu.experiments.template.comments import SECTIONS

SELECTORS = ("kind", "model", "observable")


def reference():
    """Return the reference as Markdown: per section the words of `munu init`, then the keys."""
    lines = []
    documents = (document.CountingDocument, document.BoundDocument)
    fields = {n: f for d in reversed(documents) for n, f in d.model_fields.items()}
    for name in document.CountingDocument.model_fields:
        optional = "" if fields[name].is_required() else " (optional)"
        lines += [f"### `[{name}]`{optional}", ""]
        if name in SECTIONS:
            lines += ["```text", SECTIONS[name].rstrip(), "```", ""]
        models = models_of(fields[name].annotation)
        if name == "statistic":
            models.append(document.BoundDocument.model_fields["statistic"].annotation)
        lines += [f"::::{{dropdown}} Every key of `[{name}]`, its units and range", ""]
        for model, keys in unfolded(models).items():
            lines += model_text(keys, model)
        lines += ["::::", ""]
    return "\n".join(lines)


def model_text(keys, model):
    """Return the description of one model and the table of its keys."""
    selector = selector_of(model)
    name = ", ".join(f"`{key}`" for key in keys)
    if selector:
        value = get_args(model.model_fields[selector].annotation)[0]
        name = ": ".join(text for text in (name, f'`{selector} = "{value}"`') if text)
    lines = [f"**{name}**  " if name else "", summary(model), ""]
    rows = [
        (f"`{key}`", written(field.annotation, field.metadata), default(field))
        for key, field in model.model_fields.items()
        if key != selector
    ]
    if rows:
        lines += ["| key | written as | if left out |", "|---|---|---|"]
        lines += [f"| {' | '.join(row)} |" for row in rows]
        lines.append("")
    return lines


def summary(model):
    """Return the first paragraph of a docstring, roles taken out."""
    text = " ".join((inspect.getdoc(model) or "").split("\n\n")[0].split())
    return text.replace("`", "")


def selector_of(model):
    """Return the key by which a model is chosen: one that has a single value in it."""
    fields = model.model_fields
    found = [key for key in SELECTORS if key in fields]
    return next((key for key in found if len(get_args(fields[key].annotation)) == 1), None)


def default(field):
    """Return what happens if a key is left out."""
    if field.is_required():
        return "an error"
    value = field.get_default(call_default_factory=True)
    if value is None or value == [] or value == {}:
        return "absent"
    if isinstance(value, str):
        return f'`"{value}"`'
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{f'{value:g} {unit_of(field.metadata)}'.strip()}`"


def unit_of(metadata):
    """Return the canonical unit of a quantity, empty where it has none."""
    dimensions = [dimension_of(validator) for validator in metadata]
    return next((next(iter(UNITS[name])) for name, _ in filter(None, dimensions)), "")


def dimension_of(validator):
    """Return the dimension and the range that a validator of a quantity was made with, if any."""
    parse = getattr(validator, "func", None)
    facts = inspect.getclosurevars(parse).nonlocals if inspect.isfunction(parse) else {}
    return (facts["dimension"], facts["allowed"]) if "dimension" in facts else None


def models_of(annotation):
    """Return the models that an annotation names, in order, not those inside them."""
    if inspect.isclass(annotation) and issubclass(annotation, Section):
        return [annotation]
    found = [model for part in get_args(annotation) for model in models_of(part)]
    return list(dict.fromkeys(found))


def unfolded(models):
    """Return the models, and those inside them, each with the keys that hold it."""
    found = {model: [] for model in models}
    for model in models:
        for key, field in model.model_fields.items():
            inner = models_of(field.annotation)
            for held, keys in unfolded(inner).items():
                names = [key] if held in inner else keys
                known = found.setdefault(held, [])
                known += [name for name in names if name not in known]
    return found


def written(annotation, metadata=()):
    """Return how a value is written: a quantity with its units, a choice, a table."""
    for validator in metadata:
        if dimension_of(validator):
            return quantity(*dimension_of(validator))
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return written(arguments[0], arguments[1:])
    if origin in (Union, types.UnionType):
        return union([a for a in arguments if a is not types.NoneType])
    if origin is Literal:
        return ", ".join(f'`"{value}"`' for value in arguments)
    if origin is list:
        return f"array of: {written(arguments[0])}"
    if origin is dict:
        return f"table, each: {written(arguments[1])}"
    names = {str: "text", bool: "`true`, `false`", int: "integer", float: "number", Any: "any"}
    return names.get(annotation) or union([annotation])


def union(alternatives):
    """Return alternatives; models by their selector's values."""
    texts = []
    for alternative in alternatives:
        if inspect.isclass(alternative) and issubclass(alternative, Section):
            selector = selector_of(alternative)
            field = alternative.model_fields[selector] if selector else None
            texts.append(
                f'`"{get_args(field.annotation)[0]}"`' if field else f"{alternative.__name__} table"
            )
        else:
            texts.append(written(alternative))
    return ", ".join(dict.fromkeys(texts))


def quantity(dimension: str, allowed: Range) -> str:
    """Return a dimension with its units and range."""
    units = [unit for unit in UNITS[dimension] if unit]
    canonical = next(iter(UNITS[dimension]))
    text = dimension + (f" in {', '.join(f'`{unit}`' for unit in units)}" if units else "")
    limits = allowed.text(canonical)
    return f"{text}; {limits}" if limits else text
