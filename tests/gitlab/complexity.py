"""How much a GraphQL operation asks for at once: GitLab refuses what is above a limit.

By its public source (app/graphql/types/base_field.rb, resolvers/base_resolver.rb) a field costs one and what its
children cost, one more if it sorts, five more if it searches, and a connection one per cent more for each of the
nodes that it may give. There only the connections with a resolver class grow so; here all do: who passes here,
passes there.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_argument_values,
    get_named_type,
)

from tests.gitlab.graphql_paging import MOST

LIMIT = 250


class Complexity:
    """What an operation costs."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._variables = dict(variables)
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._schema = schema

    def of(self, operation: OperationDefinitionNode) -> int:
        return self._selections(operation.selection_set, self._schema.query_type)

    def _selections(self, found: SelectionSetNode | None, kind: GraphQLNamedType | None) -> int:
        if found is None or not isinstance(kind, GraphQLObjectType):
            return 0
        total = 0
        for one in found.selections:
            if isinstance(one, FieldNode):
                total += self._field(one, kind)
            elif isinstance(one, InlineFragmentNode):
                total += self._selections(one.selection_set, kind)
            elif isinstance(one, FragmentSpreadNode):
                total += self._selections(self._fragments[one.name.value].selection_set, kind)
        return total

    def _field(self, node: FieldNode, kind: GraphQLObjectType) -> int:
        field = kind.fields.get(node.name.value)
        if field is None:  # __typename and the like
            return 1
        inner = get_named_type(field.type)
        arguments = get_argument_values(field, node, self._variables)
        total = 1 + self._selections(node.selection_set, inner)
        total += bool(arguments.get("sort")) + 5 * bool(arguments.get("search"))
        if inner.name.endswith("Connection"):
            size = min(arguments.get("first") or MOST, arguments.get("last") or MOST, MOST)
            total = int(total * (1 + 0.01 * size))
        return total
