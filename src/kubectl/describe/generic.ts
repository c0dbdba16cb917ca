/** A description of any object: every field under a heading made of its name. Mirrors kubectl's genericDescriber. */
import type { KubeObject } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { writeAnnotations, writeLabels } from './parts.ts'
import type { DescriptionWriter } from './writer.ts'

const SKIPPED: readonly string[] = [
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
]
const ACRONYMS: readonly string[] = ['API', 'URL', 'UID', 'OSB', 'GUID']

export const describeAnything: Describer = function* (context, object, w) {
  const { metadata } = object
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  writeFields(w, 0, object satisfies KubeObject as unknown as Readonly<Record<string, unknown>>, '')
  yield* writeEvents(context, w, object)
}

function writeFields(
  w: DescriptionWriter,
  level: number,
  content: Readonly<Record<string, unknown>>,
  path: string,
): void {
  for (const field of Object.keys(content).sort()) {
    const value = content[field]
    const below = `${path}.${field}`
    if (SKIPPED.includes(below) || value === undefined) continue
    if (Array.isArray(value)) {
      w.line(level, `${labelOf(field)}:`)
      for (const item of value) {
        if (isRecord(item)) writeFields(w, level + 1, item, below)
        else w.line(level + 1, `${item}`)
      }
    } else if (isRecord(value)) {
      w.line(level, `${labelOf(field)}:`)
      writeFields(w, level + 1, value, below)
    } else {
      w.field(level, labelOf(field), value === null ? '<nil>' : `${value}`)
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** `holderIdentity` is `Holder Identity`; names with anything but letters and dashes stay. */
function labelOf(field: string): string {
  if (!/^[\p{L}-]+$/u.test(field)) return field
  const parts = field.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[^\p{L}]+/gu) ?? [field]
  return parts
    .map(part => {
      const upper = part.toUpperCase()
      return ACRONYMS.includes(upper) ? upper : upper.charAt(0) + part.slice(1)
    })
    .join(' ')
}
