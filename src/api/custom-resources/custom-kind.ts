/**
 * Kinds out of a CustomResourceDefinition: what `defineKind` is for the built-in ones. One kind a served version;
 * each has its own schema, and how objects of the others become its own (see `Conversion`). Mirrors
 * `pkg/apiserver/customresource_handler.go` and `pkg/registry/customresource`.
 */

import { type AnyKind, defineKind, type KindDefinition, type ScaleMapping } from '../define-kind.ts'
import { printedValue, selectPath } from '../json-path/index.ts'
import type {
  CustomResourceDefinition,
  CustomResourceVersion,
  JsonSchema,
} from '../kinds/customresourcedefinitions/types.ts'
import type { KubeObject } from '../object.ts'
import { customColumns } from './columns.ts'
import { customStrategy } from './strategy.ts'
import { completed, isRecord, prune } from './structure.ts'

/**
 * The kinds of all served versions, the stored one's first. The definition must have passed validation. A kind that
 * `present` knows already is changed in place: who has it in hand goes on using it.
 */
export function customKinds(
  definition: CustomResourceDefinition,
  present: (apiVersion: string, plural: string) => AnyKind | undefined,
): readonly AnyKind[] {
  const { versions } = definition.spec
  const storage = versions.find(version => version.storage)
  if (!storage) return []
  const keep = (made: AnyKind): AnyKind => {
    const known = present(made.apiVersion, made.plural)
    return known ? replaced(known, made) : { ...made }
  }
  const stored = keep(customKind(definition, storage, undefined))
  const others = versions.filter(version => version !== storage && version.served)
  return [
    ...(storage.served ? [stored] : []),
    ...others.map(version => keep(customKind(definition, version, stored))),
  ]
}

/** `known` with everything that `made` says, and nothing else. */
function replaced(known: AnyKind, made: AnyKind): AnyKind {
  const record = known as unknown as Record<string, unknown>
  for (const field of Object.keys(record)) if (!(field in made)) delete record[field]
  return Object.assign(known, made)
}

function customKind(
  definition: CustomResourceDefinition,
  version: CustomResourceVersion,
  stored: AnyKind | undefined,
): KindDefinition {
  const { group, scope } = definition.spec
  const names = definition.status.acceptedNames?.plural
    ? definition.status.acceptedNames
    : definition.spec.names
  const schema = version.schema?.openAPIV3Schema ?? ANYTHING
  const apiVersion = `${group}/${version.name}`
  const { scale, status } = version.subresources ?? {}
  const complete = (object: KubeObject): KubeObject => {
    const renamed = object.apiVersion === apiVersion ? object : { ...object, apiVersion }
    return completed(renamed, schema)
  }
  const { strategy, webhook } = definition.spec.conversion ?? {}
  const isAsked = strategy === 'Webhook'
  return defineKind<KubeObject>({
    group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular || names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    isNamespaced: scope === 'Namespaced',
    hasStatus: status !== undefined,
    definedBy: definition,
    ...(version.deprecated && {
      deprecation: version.deprecationWarning ?? `${apiVersion} ${names.kind} is deprecated`,
    }),
    ...(scale && { scale: scaleMapping(scale) }),
    ...(version.selectableFields && {
      selectableFields: Object.fromEntries(
        version.selectableFields.map(({ jsonPath }) => [
          jsonPath.replace(/^\./, ''),
          (object: KubeObject) => printedValue(selectPath(jsonPath, object)[0]),
        ]),
      ),
    }),
    columns: customColumns(version.additionalPrinterColumns),
    columnsAreComplete: true,
    strategy: customStrategy(definition, version, schema),
    findUnknown(object) {
      const unknown: string[] = []
      prune(object, schema, path => unknown.push(path))
      return { unknown: unknown.sort(), typeErrors: [] }
    },
    ...(stored
      ? {
          storedAs: {
            kind: stored,
            toStored: object => ({ ...complete(object), apiVersion: stored.apiVersion }),
            fromStored: complete,
          },
        }
      : {
          // What a former storage version has left is converted by those who know how.
          decode: object => (isAsked && object.apiVersion !== apiVersion ? object : complete(object)),
        }),
    ...((stored || isAsked) && {
      conversion: {
        storedVersion: stored?.apiVersion ?? apiVersion,
        webhook: isAsked ? (webhook ?? {}) : undefined,
        complete,
      },
    }),
  })
}

const ANYTHING: JsonSchema = Object.freeze({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true })

interface ScalePaths {
  readonly specReplicasPath: string
  readonly statusReplicasPath: string
  readonly labelSelectorPath?: string
}

function scaleMapping({
  specReplicasPath,
  statusReplicasPath,
  labelSelectorPath,
}: ScalePaths): ScaleMapping<KubeObject> {
  const numberAt = (object: KubeObject, path: string) => {
    const value = selectPath(path, object)[0]
    return typeof value === 'number' ? value : 0
  }
  return {
    specReplicas: object => numberAt(object, specReplicasPath),
    withSpecReplicas: (object, replicas) =>
      withValue(object, stepsOf(specReplicasPath), replicas) as KubeObject,
    statusReplicas: object => numberAt(object, statusReplicasPath),
    selector: object => (labelSelectorPath ? printedValue(selectPath(labelSelectorPath, object)[0]) : ''),
  }
}

const stepsOf = (path: string) => path.split('.').filter(step => step !== '')

function withValue(value: unknown, [step, ...rest]: readonly string[], leaf: unknown): unknown {
  if (step === undefined) return leaf
  const record = isRecord(value) ? value : {}
  return { ...record, [step]: withValue(record[step], rest, leaf) }
}
