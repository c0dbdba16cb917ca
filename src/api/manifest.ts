/**
 * Manifests: objects out of YAML or JSON text, read as kubectl reads them (YAML 1.1 as go-yaml has it: `yes` is
 * true, `010` is eight, times and `1:30` are strings, the last of two equal keys wins).
 */
import {
  type Document,
  type DocumentOptions,
  isCollection,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  type ParsedNode,
  type ParseOptions,
  parseAllDocuments,
  type ScalarTag,
  type SchemaOptions,
  type Tags,
} from 'yaml'
import { UserError } from '../sim/index.ts'
import type { KubeObject, NewObject } from './object.ts'

/** One object of a manifest. */
export interface ManifestObject {
  /** As written: apiVersion and kind are there, `metadata` is at least empty, nothing else is checked. */
  readonly object: NewObject<KubeObject>
  /** `file:line:column` of its beginning. */
  readonly where: string
}

/**
 * Every object of a text, in order: several documents, Lists expanded, empty documents skipped. Throws
 * {@link UserError} with `file:line:column` for what is no manifest.
 */
export function parseManifest(file: string, text: string): ManifestObject[] {
  return readDocuments(file, text).flatMap(({ contents, value, where }) =>
    value === null ? [] : objectsIn(value, contents, where),
  )
}

/** The first document of a text as a plain value; undefined for an empty text. Throws {@link UserError}. */
export function parseYaml(file: string, text: string): unknown {
  return readDocuments(file, text)[0]?.value
}

/** One document of plain data, with the place (`file:line:column`) of what a path such as `nodes[0].cpu` means. */
export function parseConfiguration(
  file: string,
  text: string,
): { readonly value: unknown; readonly whereOf: (path: string) => string } {
  const document = readDocuments(file, text)[0]
  const whereOf = (path: string): string => {
    const keys = path.split(/[.[\]]+/).filter(key => key !== '')
    for (; keys.length > 0 && isCollection(document?.contents); keys.pop()) {
      const node = document.contents.getIn(keys, true)
      if (isNode(node) && node.range) return document.where(node.range[0])
    }
    return `${file}:1:1`
  }
  return { value: document?.value, whereOf }
}

interface YamlDocument {
  readonly contents: ParsedNode
  readonly value: unknown
  readonly where: (offset: number) => string
}

function readDocuments(file: string, text: string): YamlDocument[] {
  const lines = new LineCounter()
  const where = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`
  }
  const documents: readonly Document.Parsed[] = parseAllDocuments(text, { ...OPTIONS, lineCounter: lines })
  return documents.flatMap(document => {
    const problem = document.errors[0] ?? document.warnings[0]
    if (problem) {
      throw new UserError(`error converting YAML to JSON: yaml: ${firstLine(problem.message)}`, {
        where: where(problem.pos[0]),
        mend: 'Correct the YAML there; indentation is by spaces.',
      })
    }
    const contents = document.contents as ParsedNode | null
    if (contents === null) return []
    return [{ contents, value: plainValue(document, where(contents.range[0])), where }]
  })
}

function plainValue(document: Document.Parsed, where: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    // The parser refuses aliases that multiply beyond reason.
    throw new UserError(`error converting YAML to JSON: yaml: ${(error as Error).message}`, {
      where,
      cause: error,
    })
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')
}

function objectsIn(value: unknown, node: ParsedNode, where: (offset: number) => string): ManifestObject[] {
  const position = where(node.range[0])
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const got = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
    throw new UserError(`json: cannot unmarshal ${got} into Go value of type unstructured.detector`, {
      where: position,
      mend: 'A manifest is a map with apiVersion, kind and metadata.',
    })
  }
  const { apiVersion, kind, metadata, items } = value as Partial<KubeObject> & { items?: unknown }
  for (const [name, found] of [
    ['Kind', kind],
    ['apiVersion', apiVersion],
  ] as const) {
    if (typeof found === 'string' && found !== '') continue
    throw new UserError(`Object '${name}' is missing in '${JSON.stringify(value)}'`, { where: position })
  }
  if (kind!.endsWith('List') && Array.isArray(items)) {
    const nodes = isMap(node) ? node.get('items', true) : undefined
    return items.flatMap((item, index) => {
      const below = isSeq(nodes) ? (nodes.items[index] as ParsedNode | undefined) : undefined
      return objectsIn(item, below?.range ? below : node, where)
    })
  }
  const object = { ...value, metadata: metadata ?? {} } as NewObject<KubeObject>
  return [{ object, where: position }]
}

/** go-yaml's notation for octal numbers, beside `010`. */
const OCTAL: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0o[0-7_]+$/,
  resolve: text => Number.parseInt(text.replaceAll('_', '').replace('0o', ''), 8),
}

/** What YAML 1.1 has and go-yaml has not, at least not when it makes JSON: times, dates, binary. */
function asGoYaml(tags: Tags): Tags {
  const isKept = (tag: Tags[number]) =>
    typeof tag === 'string' ||
    !(/:(timestamp|binary|omap|pairs|set)$/.test(tag.tag) || ('format' in tag && tag.format === 'TIME'))
  return [OCTAL, ...tags.filter(isKept)]
}

const OPTIONS = {
  version: '1.1',
  uniqueKeys: false,
  customTags: asGoYaml,
  prettyErrors: false,
} as const satisfies ParseOptions & DocumentOptions & SchemaOptions
