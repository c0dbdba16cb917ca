/**
 * Values as YAML the way sigs.k8s.io/yaml prints them for `-o yaml`: keys sorted, lists not indented, strings
 * quoted only where another reader would take them for something else.
 */

/** The document, ending in a newline. */
export function toYaml(value: unknown): string {
  if (isRecord(value) && Object.keys(value).length > 0) return mapping(value, 0)
  if (Array.isArray(value) && value.length > 0) return sequence(value, 0)
  return after(value, 0).trimStart()
}

function mapping(record: Record<string, unknown>, indent: number): string {
  let text = ''
  for (const key of Object.keys(record).sort()) {
    const value = record[key]
    if (value === undefined) continue
    text += `${' '.repeat(indent)}${quoteIfNeeded(key)}:${after(value, indent)}`
  }
  return text
}

/** What follows `key:`: a scalar on the line, or a block under it. */
function after(value: unknown, indent: number): string {
  if (Array.isArray(value)) return value.length === 0 ? ' []\n' : `\n${sequence(value, indent)}`
  if (isRecord(value)) return isEmpty(value) ? ' {}\n' : `\n${mapping(value, indent + 2)}`
  return ` ${scalar(value, indent + 2)}\n`
}

function sequence(items: readonly unknown[], indent: number): string {
  const pad = ' '.repeat(indent)
  let text = ''
  for (const item of items) {
    if (isRecord(item) && !isEmpty(item)) text += `${pad}- ${mapping(item, indent + 2).trimStart()}`
    else if (Array.isArray(item) && item.length > 0)
      text += `${pad}- ${sequence(item, indent + 2).trimStart()}`
    else text += `${pad}-${after(item, indent)}`
  }
  return text
}

function scalar(value: unknown, indent: number): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value !== 'string') return String(value)
  if (value.includes('\n') && !/^\s*$/.test(value) && !hasControl(value)) return block(value, indent)
  return quoteIfNeeded(value)
}

/** A literal block scalar with the chomping its end asks for. */
function block(value: string, indent: number): string {
  const body = value.replace(/\n+$/, '')
  const trailing = value.length - body.length
  const chomp = trailing === 0 ? '-' : trailing === 1 ? '' : '+'
  const hint = /^[ \n]/.test(value) ? '2' : ''
  const pad = ' '.repeat(indent)
  const lines = body.split('\n').map(line => (line === '' ? '' : pad + line))
  return `|${hint}${chomp}\n${lines.join('\n')}${'\n'.repeat(Math.max(0, trailing - 1))}`
}

const LOOKS_LIKE_OTHER =
  /^(~|null|Null|NULL|true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N|<<|=|[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN)$/
const NUMBER =
  /^([-+]?(0b[01_]+|0x[\da-fA-F_]+|0o?[0-7_]+|\d[\d_]*)|[-+]?(\d[\d_]*\.?[\d_]*|\.[\d_]+)([eE][-+]?\d+)?)$/
const TIMESTAMP = /^\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?$/
const UNSAFE_START = /^[\s\-?:,[\]{}#&*!|>'"%@`]/

function quoteIfNeeded(text: string): string {
  if (text === '') return '""'
  if (hasControl(text) || text.includes('\n')) return JSON.stringify(text)
  if (LOOKS_LIKE_OTHER.test(text) || NUMBER.test(text) || TIMESTAMP.test(text)) return JSON.stringify(text)
  const startsPlain = !UNSAFE_START.test(text) || /^[-?:][^\s,[\]{}]/.test(text)
  if (startsPlain && !/: |:$| #|\s$/.test(text)) return text
  return `'${text.replaceAll("'", "''")}'`
}

function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[\x00-\x08\x0b-\x1f\x7f]/.test(text)
}

function isEmpty(record: Record<string, unknown>): boolean {
  return Object.values(record).every(value => value === undefined)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
