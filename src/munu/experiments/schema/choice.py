"""A union of models of which a table names one, the only one that is prepared and tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, final, get_args

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, PydanticKnownError
from pydantic_core.core_schema import (
    CoreSchema,
    no_info_plain_validator_function,
    tagged_union_schema,
)

TEXT: Final = {"type": "string"}


@final
@dataclass(frozen=True)
class Choice:
    """The annotation of a model, or a union of models, that a table's key names.

    A text stands for the model of that name. Pydantic prepares all members of a union before it
    reads the first file; here the one that a table names is prepared when it is named.

    Parameters
    ----------
    selector : str
        The key, a `Literal` in each of the models.
    also : tuple of str
        Names that a whole file of another form may have here, for the message of an unknown one.
    """

    selector: str
    also: tuple[str, ...] = ()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return the validator of a table; `handler`, which prepares all models, is not called."""
        models = self._models(source)
        built = tuple(models.values())

        def validate(table: object) -> BaseModel:
            if isinstance(table, built):
                return table
            content = {self.selector: table} if isinstance(table, str) else table
            if not isinstance(content, dict):
                raise PydanticKnownError("model_attributes_type")
            return self._named(content, models).model_validate(content)

        return no_info_plain_validator_function(validate, metadata={"models": models})

    def _named(
        self, content: dict[str, object], models: dict[str, type[BaseModel]]
    ) -> type[BaseModel]:
        name = str(content.get(self.selector, ""))
        if name not in models:
            context = {"selector": self.selector, "name": name, "allowed": [*models, *self.also]}
            raise PydanticCustomError("unknown_choice", "unknown choice", context)
        return models[name]

    def _models(self, source: Any) -> dict[str, type[BaseModel]]:
        """Return the models by their names."""
        return {
            name: model
            for model in get_args(source) or (source,)
            for name in get_args(model.model_fields[self.selector].annotation)
        }

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the JSON Schema of all models, or of a name."""
        models = schema["metadata"]["models"]
        for model in models.values():
            model.model_rebuild()
        prepared = {name: model.__pydantic_core_schema__ for name, model in models.items()}
        return {"anyOf": [handler(tagged_union_schema(prepared, self.selector)), TEXT]}
