/**
 * Pieces that many descriptions share: labels, annotations, taints, tolerations, times. Mirrors the `print...`
 * functions of k8s.io/kubectl/pkg/describe.
 */
import type { Toleration } from 'kubernetes-types/core/v1.js'
import { controllerOf, type KubeObject } from '../../api/index.ts'
import { LAST_APPLIED } from '../apply-object.ts'
import type { DescriptionWriter } from './writer.ts'

type Strings = Readonly<Record<string, string>>

/** Longer annotations stand on lines of their own and are cut. */
const ANNOTATION_LENGTH = 140

/** Several values under one heading, a line each; `<none>` for none. */
export function writeList(w: DescriptionWriter, heading: string, values: readonly string[]): void {
  w.write(0, `${heading}:\t`)
  if (values.length === 0) w.line(0, '<none>')
  values.forEach((value, i) => {
    w.write(0, `${i === 0 ? '' : '\t'}${value}\n`)
  })
}

/** `key=value`, sorted. */
export function writeLabels(w: DescriptionWriter, heading: string, labels: Strings | undefined): void {
  writeList(w, heading, pairs(labels))
}

export function pairs(labels: Strings | undefined): string[] {
  return Object.keys(labels ?? {})
    .sort()
    .map(key => `${key}=${labels![key]}`)
}

/** Without the one in which apply keeps its manifest. */
export function writeAnnotations(
  w: DescriptionWriter,
  heading: string,
  annotations: Strings | undefined,
): void {
  w.write(0, `${heading}:\t`)
  const keys = Object.keys(annotations ?? {})
    .filter(key => key !== LAST_APPLIED)
    .sort()
  if (keys.length === 0) w.line(0, '<none>')
  keys.forEach((key, i) => {
    if (i > 0) w.write(0, '\t')
    const value = annotations![key]!.replace(/\n$/, '')
    if (value.length + key.length + 2 <= ANNOTATION_LENGTH && !value.includes('\n')) {
      w.line(0, `${key}: ${value}`)
      return
    }
    w.line(0, `${key}:`)
    for (const part of value.split('\n')) w.line(0, `\t  ${shorten(part, ANNOTATION_LENGTH - 2)}`)
  })
}

export function shorten(text: string, maximum: number): string {
  return text.length > maximum ? `${text.slice(0, maximum)}...` : text
}

export function writeTolerations(
  w: DescriptionWriter,
  heading: string,
  tolerations: readonly Toleration[] | undefined,
): void {
  const sorted = [...(tolerations ?? [])].sort((a, b) => compare(a.key ?? '', b.key ?? ''))
  writeList(w, heading, sorted.map(formatToleration))
}

function formatToleration({ key = '', value = '', effect = '', operator, ...rest }: Toleration): string {
  let text = key
  if (value !== '') text += `=${value}`
  if (effect !== '') text += `:${effect}`
  if (operator === 'Exists' && value === '') text += text === '' ? 'op=Exists' : ' op=Exists'
  return rest.tolerationSeconds === undefined ? text : `${text} for ${rest.tolerationSeconds}s`
}

/** `key=value:effect`. */
export function formatTaint(taint: { key: string; value?: string; effect: string }): string {
  return taint.value ? `${taint.key}=${taint.value}:${taint.effect}` : `${taint.key}:${taint.effect}`
}

/** `Deployment/web`: the controller that owns the object, if any does. */
export function writeControlledBy(w: DescriptionWriter, object: KubeObject): void {
  const owner = controllerOf(object)
  if (owner) w.field(0, 'Controlled By', `${owner.kind}/${owner.name}`)
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Thu, 01 Jan 2026 00:00:05 +0000` (RFC 1123), as Go prints the zero time when there is none. */
export function longTime(timestamp: string | null | undefined): string {
  if (!timestamp) return 'Mon, 01 Jan 0001 00:00:00 +0000'
  const time = new Date(Date.parse(timestamp))
  const two = (value: number) => `${value}`.padStart(2, '0')
  const date = `${two(time.getUTCDate())} ${MONTHS[time.getUTCMonth()]} ${time.getUTCFullYear()}`
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(two).join(':')
  return `${DAYS[time.getUTCDay()]}, ${date} ${clock} +0000`
}

/** `True` or `False`. */
export function capitalised(value: boolean | undefined): string {
  return value ? 'True' : 'False'
}

/** A list as Go prints it: `[a b]`. */
export function goList(values: readonly unknown[] | undefined): string {
  return `[${(values ?? []).join(' ')}]`
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** How many bytes a text in base64 stands for. */
export function byteLength(base64: string): number {
  return Math.floor((base64.replace(/[\s=]/g, '').length * 3) / 4)
}
