/**
 * `/openapi/v2`: one document of everything. Custom schemas lose what version 2 has no words for, as
 * apiextensions-apiserver's conversion has it. Mirrors k8s.io/kube-openapi/pkg/builder.
 */
import type { Scheme } from '../../api/index.ts'
import { DELETE_OPTIONS, type Definition, GVK_EXTENSION, type SchemaSet } from './definitions.ts'
import { type Operation, type PathEntry, pathsOf } from './operations.ts'
import { QUERY } from './parameters.ts'
import { namesOf, tagOf } from './v3.ts'

/** The document, as plain data. */
export function v2Document(scheme: Scheme, schemas: SchemaSet): object {
  const entries = scheme.kinds.flatMap(kind => pathsOf(kind, schemas))
  const names = new Set([DELETE_OPTIONS])
  for (const kind of scheme.kinds) for (const name of namesOf(kind, schemas)) names.add(name)
  for (const { operations } of entries) {
    for (const { body, answer } of operations) for (const name of [body, answer]) if (name) names.add(name)
  }
  const definitions = Object.entries(schemas.closure(names))
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: 'v1.33.0' },
    paths: Object.fromEntries(
      entries.sort((a, b) => (a.path < b.path ? -1 : 1)).map(e => [e.path, v2Path(e)]),
    ),
    definitions: Object.fromEntries(definitions.map(([name, schema]) => [name, v2Schema(schema)])),
  }
}

const refTo = (name: string) => ({ $ref: `#/definitions/${name}` })

function v2Path({ path, operations }: PathEntry): object {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    description:
      name === 'namespace'
        ? 'object name and auth scope, such as for teams and projects'
        : 'name of the object',
    required: true,
    type: 'string',
    uniqueItems: true,
  }))
  return {
    ...Object.fromEntries(operations.map(operation => [operation.method, v2Operation(operation)])),
    ...(parameters.length > 0 && { parameters }),
  }
}

function v2Operation({ id, description, action, kind, body, answer }: Operation): object {
  const query = QUERY[action]!.map(({ name, type, description: text }) => ({
    name,
    in: 'query',
    description: text,
    type,
    uniqueItems: true,
  }))
  const inBody = body
    ? [{ name: 'body', in: 'body', required: action !== 'delete', schema: refTo(body) }]
    : []
  return {
    tags: [tagOf(kind.group, kind.version)],
    description,
    operationId: id,
    consumes: ['*/*'],
    produces: ['application/json', 'application/yaml'],
    parameters: [...inBody, ...query],
    responses: {
      200: { description: 'OK', ...(answer && { schema: refTo(answer) }) },
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': action,
    [GVK_EXTENSION]: { group: kind.group, kind: kind.kind, version: kind.version },
  }
}

/** Keywords that version 2 and the readers of its protobuf form do not have. */
const NEWER = new Set([
  'allOf', 'anyOf', 'default', 'not', 'nullable', 'oneOf', 'x-kubernetes-embedded-resource',
  'x-kubernetes-validations',
]) // biome-ignore format: a list

function v2Schema(schema: Definition): Definition {
  if (schema['x-kubernetes-int-or-string']) {
    return {
      ...(schema.description && { description: schema.description }),
      'x-kubernetes-int-or-string': true,
    }
  }
  const { $ref, items, additionalProperties, properties, ...rest } = schema
  // What may hold anything must not say that it is an object: clients would refuse the rest.
  const isLoose = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.nullable === true
  const kept = Object.entries(rest).filter(([name]) => !NEWER.has(name) && !(isLoose && name === 'type'))
  if (isLoose) return Object.fromEntries(kept.filter(([name]) => name !== 'required' && name !== 'enum'))
  return {
    ...Object.fromEntries(kept),
    ...($ref !== undefined && refTo($ref)),
    ...(items && { items: v2Schema(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: v2Schema(additionalProperties) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, below]) => [name, v2Schema(below)]),
      ),
    }),
  }
}
