/**
 * Reads the declarations of kubernetes-models (Kubernetes 1.33): names, descriptions, required fields, enums and
 * references of every type, as OpenAPI v2 definitions. Formats, which declarations have no room for, come from
 * @kubernetes/client-node.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import * as client from '@kubernetes/client-node'
import ts from 'typescript'
import { FIELD_FACTS } from './field-facts.ts'

/** One schema, as OpenAPI v2 has it; references are full names without a path. */
export interface Definition {
  description?: string
  type?: string
  format?: string
  default?: unknown
  enum?: readonly string[]
  items?: Definition
  additionalProperties?: Definition
  properties?: Record<string, Definition>
  required?: readonly string[]
  $ref?: string
  [extension: `x-kubernetes-${string}`]: unknown
}

/** Folders of kubernetes-models whose types are published; groups in beta stay out. */
const GROUP_VERSIONS = [
  'v1', 'admissionregistration.k8s.io/v1', 'apiextensions.k8s.io/v1', 'apiregistration.k8s.io/v1', 'apps/v1',
  'authentication.k8s.io/v1', 'authorization.k8s.io/v1', 'autoscaling/v1', 'autoscaling/v2', 'batch/v1',
  'certificates.k8s.io/v1', 'coordination.k8s.io/v1', 'discovery.k8s.io/v1', 'events.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1', 'networking.k8s.io/v1', 'node.k8s.io/v1', 'policy/v1',
  'rbac.authorization.k8s.io/v1', 'scheduling.k8s.io/v1', 'storage.k8s.io/v1',
] // biome-ignore format: a list

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'

/** Types that are no structs in Go, or say nothing of themselves in the declarations. */
const SPECIAL: Readonly<Record<string, Definition>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    description:
      'Quantity is a fixed-point representation of a number. It provides convenient marshaling/unmarshaling in JSON and YAML, in addition to String() and AsInt64() accessors.',
    type: 'string',
  },
  [`${META}.Time`]: { type: 'string', format: 'date-time' },
  [`${META}.MicroTime`]: { type: 'string', format: 'date-time' },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: 'string', format: 'int-or-string' },
  [`${META}.FieldsV1`]: { type: 'object' },
  [`${META}.Patch`]: { type: 'object' },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': { type: 'object' },
}

/** Types that may hold any JSON, and so have no type. */
const ANYTHING = /\.(JSON|JSONSchemaPropsOr\w+)$/

const require = createRequire(import.meta.url)
const models = dirname(require.resolve('kubernetes-models/package.json'))
const machinery = dirname(
  createRequire(join(models, 'index.js')).resolve('@kubernetes-models/apimachinery/package.json'),
)

/** Every published type by its full name, `io.k8s.api.apps.v1.Deployment`. */
export function readModels(): Record<string, Definition> {
  const definitions: Record<string, Definition> = {}
  const folders = [
    ...GROUP_VERSIONS.map(path => ({ folder: join(models, path), prefix: prefixOf(path) })),
    { folder: join(machinery, 'apis/meta/v1'), prefix: META },
    { folder: join(machinery, 'api/resource'), prefix: 'io.k8s.apimachinery.pkg.api.resource' },
    { folder: join(machinery, 'util/intstr'), prefix: 'io.k8s.apimachinery.pkg.util.intstr' },
    { folder: join(machinery, 'runtime'), prefix: 'io.k8s.apimachinery.pkg.runtime' },
  ]
  for (const { folder, prefix } of folders) {
    for (const file of readdirSync(folder)) {
      if (!file.endsWith('.d.ts') || file === 'index.d.ts') continue
      const name = basename(file, '.d.ts')
      definitions[`${prefix}.${name}`] = readModel(join(folder, file), `${prefix}.${name}`)
    }
  }
  return definitions
}

/** `apps/v1` is `io.k8s.api.apps.v1`. */
function prefixOf(path: string): string {
  if (path === 'v1') return 'io.k8s.api.core.v1'
  const [group = '', version] = path.split('/')
  const short = group.split('.')[0]
  if (short === 'apiextensions') return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version}`
  if (short === 'apiregistration') return `io.k8s.kube-aggregator.pkg.apis.apiregistration.${version}`
  return `io.k8s.api.${short}.${version}`
}

function readModel(path: string, fullName: string): Definition {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const name = fullName.slice(fullName.lastIndexOf('.') + 1)
  const statement = source.statements.find(
    (node): node is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
      (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) && node.name.text === `I${name}`,
  )
  if (!statement) throw new Error(`${path} declares no I${name}`)
  const description = descriptionOf(statement)
  if (SPECIAL[fullName]) return { ...(description && { description }), ...SPECIAL[fullName] }
  if (ANYTHING.test(fullName)) return { description }
  if (!ts.isInterfaceDeclaration(statement)) throw new Error(`${fullName} is no struct`)
  return struct(statement, fullName, description)
}

function struct(
  node: ts.InterfaceDeclaration,
  fullName: string,
  description: string | undefined,
): Definition {
  const facts = factsOf(fullName)
  const formats = formatsOf(fullName)
  const properties: Record<string, Definition> = {}
  const required: string[] = []
  let identity: { apiVersion?: string; kind?: string } = {}
  for (const member of node.members) {
    if (!ts.isPropertySignature(member) || !member.type)
      throw new Error(`${fullName} has more than properties`)
    const field = ts.isStringLiteral(member.name) ? member.name.text : member.name.getText()
    const literal = literalOf(member.type)
    if (isTyped(node) && (field === 'apiVersion' || field === 'kind') && literal !== undefined) {
      identity = { ...identity, [field]: literal }
      continue
    }
    const schema = schemaOf(member.type, formats.get(field), `${fullName}.${field}`)
    const text = descriptionOf(member)
    properties[field] = { ...(text && { description: text }), ...schema, ...extensionsOf(facts[field]) }
    if (!member.questionToken) required.push(field)
  }
  if (isTyped(node)) Object.assign(properties, TYPE_META)
  return {
    ...(description && { description }),
    ...(Object.keys(properties).length > 0 && { properties: sorted(properties) }),
    ...(required.length > 0 && { required: required.sort() }),
    type: 'object',
    ...(identity.kind && { 'x-kubernetes-group-version-kind': [groupVersionKind(identity)] }),
    ...(facts['*'] === 'atomic' && { 'x-kubernetes-map-type': 'atomic' }),
  }
}

const TYPE_META: Readonly<Record<string, Definition>> = {
  apiVersion: {
    description:
      'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
    type: 'string',
  },
  kind: {
    description:
      'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
    type: 'string',
  },
}

const isTyped = (node: ts.InterfaceDeclaration) => node.heritageClauses !== undefined

function literalOf(type: ts.TypeNode): string | undefined {
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? type.literal.text : undefined
}

function groupVersionKind({ apiVersion = '', kind }: { apiVersion?: string; kind?: string }): object {
  const slash = apiVersion.indexOf('/')
  return { group: apiVersion.slice(0, Math.max(slash, 0)), kind, version: apiVersion.slice(slash + 1) }
}

function schemaOf(type: ts.TypeNode, format: string | undefined, path: string): Definition {
  const withFormat = format ? { format } : {}
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText()
    if (name === 'Array') return { items: schemaOf(type.typeArguments![0]!, format, path), type: 'array' }
    return { $ref: referenceTo(name, path) }
  }
  if (ts.isTypeLiteralNode(type)) {
    const index = type.members.find(ts.isIndexSignatureDeclaration)
    if (!index) return { type: 'object' }
    return { additionalProperties: schemaOf(index.type, format, path), type: 'object' }
  }
  if (ts.isUnionTypeNode(type)) return { enum: type.types.map(member => literalOf(member)!), type: 'string' }
  if (literalOf(type) !== undefined) return { enum: [literalOf(type)!], type: 'string' }
  if (type.kind === ts.SyntaxKind.StringKeyword) return { ...withFormat, type: 'string' }
  if (type.kind === ts.SyntaxKind.BooleanKeyword) return { type: 'boolean' }
  if (type.kind === ts.SyntaxKind.NumberKeyword) {
    if (!format) throw new Error(`no format for the number ${path}`)
    return { ...withFormat, type: format === 'double' ? 'number' : 'integer' }
  }
  throw new Error(`${path} has a type that was not expected: ${type.getText()}`)
}

/** `IIoK8sApiAppsV1DeploymentSpec` by the import that brought it. */
const references = new Map<string, string>()
function referenceTo(name: string, path: string): string {
  if (references.size === 0) collectReferences()
  const owner = path.slice(0, path.lastIndexOf('.'))
  const found = owner.endsWith(`.${name.slice(1)}`) ? owner : references.get(name)
  if (!found) throw new Error(`${path} refers to ${name}, which is not published`)
  return found
}

/** Every exported long name, from the full names that the folders give. */
function collectReferences(): void {
  const add = (fullName: string) =>
    references.set(
      `I${fullName
        .split(/[.-]/)
        .map(part => part[0]!.toUpperCase() + part.slice(1))
        .join('')}`,
      fullName,
    )
  for (const path of GROUP_VERSIONS) {
    for (const file of readdirSync(join(models, path))) {
      if (file.endsWith('.d.ts')) add(`${prefixOf(path)}.${basename(file, '.d.ts')}`)
    }
  }
  for (const file of readdirSync(join(machinery, 'apis/meta/v1'))) {
    if (file.endsWith('.d.ts')) add(`${META}.${basename(file, '.d.ts')}`)
  }
  for (const name of Object.keys(SPECIAL)) add(name)
}

function factsOf(fullName: string): Readonly<Record<string, string>> {
  const [type = '', version = '', group = ''] = fullName.split('.').reverse()
  return FIELD_FACTS[`${group}.${version}`]?.[type] ?? {}
}

function extensionsOf(facts: string | undefined): Definition {
  const found: Definition = {}
  const [, before = '', fallback] = /^(.*?)(?:default=(.*))?$/.exec(facts ?? '') ?? []
  if (fallback !== undefined) found.default = JSON.parse(fallback)
  const strategies: string[] = []
  for (const fact of before.split(' ').filter(word => word !== '')) {
    const [name = '', keys] = fact.split(':')
    if (name === 'atomic-map') found['x-kubernetes-map-type'] = 'atomic'
    else if (name === 'merge' || name === 'retain-keys' || name === 'replace') {
      strategies.push(name === 'retain-keys' ? 'retainKeys' : name)
      if (keys) found['x-kubernetes-patch-merge-key'] = keys
    } else {
      found['x-kubernetes-list-type'] = name
      if (keys) found['x-kubernetes-list-map-keys'] = keys.split(',')
    }
  }
  if (strategies.length > 0) found['x-kubernetes-patch-strategy'] = strategies.join(',')
  return found
}

interface Attribute {
  readonly baseName: string
  readonly format: string
}

/** The formats of numbers and bytes, by field. */
function formatsOf(fullName: string): Map<string, string> {
  const [name = '', version = '', group = ''] = fullName.split('.').reverse()
  const v = version[0]!.toUpperCase() + version.slice(1)
  const g = group[0]!.toUpperCase() + group.slice(1)
  const classes = client as unknown as Record<
    string,
    { getAttributeTypeMap?(): readonly Attribute[] } | undefined
  >
  const found = classes[`${g}${v}${name}`] ?? classes[`${v}${name}`]
  const wanted = found?.getAttributeTypeMap?.() ?? []
  return new Map(
    wanted.filter(({ format }) => /^(u?int\d+|double|byte)$/.test(format)).map(a => [a.baseName, a.format]),
  )
}

function descriptionOf(node: ts.Node): string | undefined {
  const [comment] = ts.getJSDocCommentsAndTags(node)
  const text = comment && ts.isJSDoc(comment) ? comment.getFullText() : undefined
  if (text === undefined) return undefined
  const lines = text
    .replace(/^\s*\/\*\*/, '')
    .replace(/\*\/\s*$/, '')
    .split('\n')
  return lines
    .map(line => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim()
    .replaceAll('*\\/', '*/')
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
