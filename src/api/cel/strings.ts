/** CEL's strings library (`ext.Strings`), Kubernetes' regular expressions and formats. */
import type { Environment } from '@marcbachmann/cel-js'

export function registerStrings(environment: Environment): void {
  environment
    .registerFunction('string.charAt(int): string', (text: string, at: bigint) => {
      const characters = [...text]
      if (at < 0n || at > characters.length) throw new Error(`index out of range: ${at}`)
      return characters[Number(at)] ?? ''
    })
    .registerFunction('string.replace(string, string): string', (text: string, old: string, next: string) =>
      text.replaceAll(old, () => next),
    )
    .registerFunction(
      'string.replace(string, string, int): string',
      (text: string, old: string, next: string, count: bigint) => replaceSome(text, old, next, Number(count)),
    )
    .registerFunction('string.reverse(): string', (text: string) => [...text].reverse().join(''))
    .registerFunction(
      'string.find(string): string',
      (text: string, pattern: string) => new RegExp(pattern, 'u').exec(text)?.[0] ?? '',
    )
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) =>
      [...text.matchAll(new RegExp(pattern, 'gu'))].map(([found]) => found),
    )
    .registerFunction(
      'string.findAll(string, int): list<string>',
      (text: string, pattern: string, count: bigint) => {
        const all = [...text.matchAll(new RegExp(pattern, 'gu'))].map(([found]) => found)
        return count < 0n ? all : all.slice(0, Number(count))
      },
    )
    .registerFunction('string.format(list): string', (text: string, values: readonly unknown[]) =>
      formatted(text, values),
    )
}

function replaceSome(text: string, old: string, next: string, count: number): string {
  if (count < 0) return text.replaceAll(old, () => next)
  let [done, rest] = ['', text]
  for (let left = count; left > 0; left--) {
    const at = rest.indexOf(old)
    if (at < 0) break
    done += rest.slice(0, at) + next
    rest = rest.slice(at + old.length)
  }
  return done + rest
}

function formatted(text: string, values: readonly unknown[]): string {
  let index = 0
  return text.replace(
    /%(?:%|(?:\.(\d+))?([sdfexXob]))/g,
    (whole, precision: string | undefined, verb?: string) => {
      if (verb === undefined) return whole === '%%' ? '%' : whole
      const value = values[index++]
      switch (verb) {
        case 'd':
          return String(value)
        case 'f':
          return Number(value).toFixed(Number(precision ?? 6))
        case 'e':
          return Number(value).toExponential(Number(precision ?? 6))
        case 'x':
          return BigInt(value as bigint).toString(16)
        case 'X':
          return BigInt(value as bigint)
            .toString(16)
            .toUpperCase()
        case 'o':
          return BigInt(value as bigint).toString(8)
        case 'b':
          return typeof value === 'boolean' ? String(Number(value)) : BigInt(value as bigint).toString(2)
        default:
          return shown(value)
      }
    },
  )
}

/** A value as `%s` prints it. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z')
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([name, one]) => `${name}: ${shown(one)}`).join(', ')}}`
  }
  return String(value)
}
