/**
 * How custom resources are created and changed. Mirrors `pkg/registry/customresource` (strategy, status strategy,
 * validator).
 */
import { isConditionTrue } from '../conditions.ts'
import { deepEqual } from '../deep-equal.ts'
import type { Strategy } from '../define-kind.ts'
import { type FieldError, invalidValue } from '../field-error.ts'
import type {
  CustomResourceDefinition,
  CustomResourceVersion,
  JsonSchema,
} from '../kinds/customresourcedefinitions/types.ts'
import { checkMetadata, checkMetadataUpdate } from '../kinds/shared/metadata.ts'
import type { KubeObject } from '../object.ts'
import { ApiError, methodNotAllowed } from '../status.ts'
import { isDns1123Subdomain } from '../validation/index.ts'
import { validateByRules } from './rules.ts'
import { validateBySchema } from './schema-validation.ts'
import { completed } from './structure.ts'

type Loose = KubeObject & Readonly<Record<string, unknown>>

export function customStrategy(
  definition: CustomResourceDefinition,
  version: CustomResourceVersion,
  schema: JsonSchema,
): Strategy<KubeObject> {
  const hasStatus = version.subresources?.status !== undefined
  const isNamespaced = definition.spec.scope === 'Namespaced'
  const judge = (object: KubeObject, old?: KubeObject) => validate(object, old, schema)
  return {
    defaults: object => completed(object, schema),

    prepareForCreate(object) {
      if (isConditionTrue(definition, 'Terminating')) throw new ApiError(terminating(definition, 'create'))
      const { status: _, ...rest } = object as Loose
      const bare = (hasStatus ? rest : object) as KubeObject
      return { ...bare, metadata: { ...bare.metadata, generation: 1 } }
    },

    prepareForUpdate(next, old) {
      const isSame = deepEqual(withoutServed(next, hasStatus), withoutServed(old, hasStatus))
      const generation = (old.metadata.generation ?? 1) + (isSame ? 0 : 1)
      return { ...next, metadata: { ...next.metadata, generation } }
    },

    prepareForStatusUpdate: next => completed(next, schema),

    validate: object => [...checkMetadata(object, isDns1123Subdomain, isNamespaced, false), ...judge(object)],
    validateUpdate: (next, old) => [...checkMetadataUpdate(next, old, false), ...judge(next, old)],
    validateStatusUpdate: (next, old) => [...checkMetadataUpdate(next, old, false), ...judge(next, old)],
    allowsUnconditionalUpdate: false,
  }
}

function terminating({ spec }: CustomResourceDefinition, verb: string) {
  const status = methodNotAllowed(
    { group: spec.group, plural: spec.names.plural, kind: spec.names.kind },
    verb,
  )
  return { ...status, message: `${verb} not allowed while custom resource definition is terminating` }
}

/** What counts for the generation: everything but metadata and, with a subresource, status. */
function withoutServed(object: KubeObject, hasStatus: boolean): unknown {
  const { metadata: _, apiVersion: _version, status, ...rest } = object as Loose
  return hasStatus ? rest : { ...rest, status }
}

/** Complaints after which rules would make no sense. */
const BLOCKING: ReadonlySet<FieldError['reason']> = new Set([
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

function validate(object: KubeObject, old: KubeObject | undefined, schema: JsonSchema): FieldError[] {
  const [value, before] = [judged(object), old && judged(old)]
  const errors = validateBySchema(value, schema, '', before)
  if (errors.some(({ reason }) => BLOCKING.has(reason))) {
    const unchecked =
      'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'
    return [...errors, { ...invalidValue('<nil>', 'null', unchecked) }]
  }
  return [...errors, ...validateByRules(value, before, schema)]
}

/** Of metadata, schemas and rules only see names. */
function judged({ metadata, ...rest }: KubeObject): unknown {
  const { name, generateName } = metadata
  return { ...rest, metadata: { name, ...(generateName && { generateName }) } }
}
