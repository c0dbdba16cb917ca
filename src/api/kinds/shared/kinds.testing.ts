/** What tests of single kinds share: objects as they are stored, what is wrong with them, their rows. */
import type { AnyKind } from '../../define-kind.ts'
import type { KubeObject } from '../../object.ts'
import { table } from '../../table.ts'
import { testContext, texts } from './strategy.testing.ts'

const NOW_MS = Date.parse('2026-01-01T01:00:00Z')

/** The object as it is stored on create: named `x` and in `default` unless it says otherwise. */
export function stored(kind: AnyKind, object: object): KubeObject {
  const metadata = {
    name: 'x',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...(kind.isNamespaced && { namespace: 'default' }),
    ...(object as { metadata?: object }).metadata,
  }
  const whole = { apiVersion: kind.apiVersion, kind: kind.kind, ...object, metadata }
  const complete = kind.strategy.defaults?.(whole) ?? whole
  return kind.strategy.prepareForCreate?.(complete, testContext()) ?? complete
}

/** What a create of the object is refused for. */
export function complaints(kind: AnyKind, object: object): string[] {
  return texts(kind.strategy.validate!(stored(kind, object)))
}

/** What an update of the main resource is refused for. */
export function changeComplaints(kind: AnyKind, before: object, after: object): string[] {
  const old = stored(kind, before)
  const sent = stored(kind, after)
  const next = kind.strategy.prepareForUpdate?.(sent, old, testContext()) ?? sent
  return texts(kind.strategy.validateUpdate!(next, old))
}

/** Every column with its cell an hour after creation, wide ones in brackets; without Name and Age. */
export function row(kind: AnyKind, object: object): string {
  const whole = stored(kind, object)
  const { status } = object as { status?: object }
  const { columns, rows } = table(kind, [status ? ({ ...whole, status } as KubeObject) : whole], NOW_MS)
  return columns
    .map(({ name, priority }, i) => {
      const text = `${name}=${rows[0]!.cells[i]}`
      return priority === 1 ? `[${text}]` : text
    })
    .filter(text => text !== 'Name=x' && text !== 'Age=60m')
    .join(' ')
}
