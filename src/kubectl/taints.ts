/** Taints as `kubectl taint` reads and changes them. Mirrors k8s.io/kubectl/pkg/cmd/taint/utils.go. */
import type { Taint } from 'kubernetes-types/core/v1.js'
import { isLabelValue, isQualifiedName } from '../api/index.ts'
import { KubectlError } from './kubectl-error.ts'

export interface TaintChanges {
  readonly add: readonly Taint[]
  /** An empty effect means every effect. */
  readonly remove: readonly Taint[]
}

const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** Reads `key=value:effect`, `key:effect`, `key:effect-` and `key-`. Throws KubectlError. */
export function parseTaints(words: readonly string[]): TaintChanges {
  const add: Taint[] = []
  const remove: Taint[] = []
  for (const word of words) {
    if (word.endsWith('-')) {
      const { key, effect } = parseTaint(word.slice(0, -1))
      remove.push({ key, effect })
      continue
    }
    const taint = parseTaint(word)
    if (taint.effect === '') throw bad(`invalid taint spec: ${word}`)
    if (add.some(other => isSame(other, taint))) {
      throw bad(
        `duplicated taints with the same key and effect: {${taint.key} ${taint.value ?? ''} ${taint.effect} <nil>}`,
      )
    }
    add.push(taint)
  }
  return { add, remove }
}

function parseTaint(text: string): Taint {
  const [pair = '', effect = '', ...more] = text.split(':')
  if (more.length > 0) throw bad(`invalid taint spec: ${text}`)
  if (!text.includes(':')) return { key: checked(text, pair), effect: '' }
  if (!EFFECTS.includes(effect)) {
    throw bad(`invalid taint effect: ${effect}, unsupported taint effect`)
  }
  const [key = '', value, ...rest] = pair.split('=')
  if (rest.length > 0) throw bad(`invalid taint spec: ${text}`)
  const wrong = value === undefined ? [] : isLabelValue(value)
  if (wrong.length > 0) throw bad(`invalid taint spec: ${text}, ${wrong.join('; ')}`)
  return { key: checked(text, key), ...(value !== undefined && value !== '' && { value }), effect }
}

function checked(text: string, key: string): string {
  const wrong = isQualifiedName(key)
  if (wrong.length > 0) throw bad(`invalid taint spec: ${text}, ${wrong.join('; ')}`)
  return key
}

function bad(why: string): KubectlError {
  return new KubectlError(`error: ${why}\nSee 'kubectl taint -h' for help and examples`)
}

function isSame(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect
}

/** The taints a node has after the change, and the word for what was done. Throws KubectlError. */
export function changeTaints(
  nodeName: string,
  old: readonly Taint[],
  changes: TaintChanges,
  overwrite: boolean,
): { taints: readonly Taint[]; operation: 'modified' | 'tainted' | 'untainted' } {
  const existing = changes.add.filter(taint => old.some(other => isSame(taint, other)))
  if (!overwrite && existing.length > 0) {
    const keys = existing.map(taint => taint.key).join(',')
    throw new KubectlError(
      `error: node ${nodeName} already has ${keys} taint(s) with same effect(s) and --overwrite is false`,
    )
  }
  const kept = old.filter(taint => !changes.add.some(other => isSame(taint, other)))
  let taints: readonly Taint[] = [...changes.add, ...kept]
  const hasAdded = taints.length !== old.length
  let hasRemoved = false
  const missing: string[] = []
  for (const removal of changes.remove) {
    const left = taints.filter(
      taint => taint.key !== removal.key || (removal.effect !== '' && taint.effect !== removal.effect),
    )
    hasRemoved = left.length !== taints.length
    if (!hasRemoved) {
      const name = removal.effect === '' ? removal.key : `${removal.key}:${removal.effect}`
      missing.push(`taint ${JSON.stringify(name)} not found`)
    }
    taints = left
  }
  if (missing.length > 0) {
    throw new KubectlError(missing.length === 1 ? `error: ${missing[0]}` : missing.join('\n'))
  }
  const operation = (hasAdded && hasRemoved) || overwrite ? 'modified' : hasAdded ? 'tainted' : 'untainted'
  return { taints, operation }
}
