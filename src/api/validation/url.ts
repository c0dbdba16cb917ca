/**
 * URLs as Go reads them: what `url.Parse` of net/url takes, what it makes of that, and its words for what it refuses.
 * The platform's own reader takes other things, and mends them.
 */

/** A URL in its parts. */
export interface ParsedUrl {
  /** In lower case; '' without one. */
  readonly scheme: string
  /** What precedes the host, as Go writes it again; undefined without an `@`. */
  readonly user: string | undefined
  /** With its port. */
  readonly host: string
  readonly rawQuery: string
  readonly fragment: string
}

/** Where a text stands: other characters are allowed in each place. */
type Place = 'path' | 'fragment' | 'user' | 'host' | 'zone'

/** Or why it is none: `parse "https://[::1": missing ']' in host`. */
export function parseUrl(text: string): ParsedUrl | { readonly error: string } {
  const [before, fragment] = cut(text, '#')
  const refuse = (url: string, error: unknown) => {
    if (!(error instanceof NoUrl)) throw error
    return { error: `parse ${quote(url)}: ${error.message}` }
  }
  let parsed: Omit<ParsedUrl, 'fragment'>
  try {
    parsed = parse(before)
  } catch (error) {
    return refuse(before, error)
  }
  try {
    return { ...parsed, fragment: unescaped(fragment, 'fragment') }
  } catch (error) {
    return refuse(text, error)
  }
}

class NoUrl extends Error {}

function parse(text: string): Omit<ParsedUrl, 'fragment'> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is they who are refused
  if (/[\x00-\x1f\x7f]/.test(text)) throw new NoUrl('net/url: invalid control character in URL')
  if (text.startsWith(':')) throw new NoUrl('missing protocol scheme')
  const [, scheme = '', afterScheme = text] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text) ?? []
  const [rest, rawQuery] = cut(afterScheme, '?')
  const bare = { scheme: scheme.toLowerCase(), user: undefined, host: '', rawQuery }
  if (!rest.startsWith('/')) {
    if (scheme !== '') return bare
    if (cut(rest, '/')[0].includes(':')) {
      throw new NoUrl('first path segment in URL cannot contain colon')
    }
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))
  const end = hasAuthority ? rest.indexOf('/', 2) : 0
  const authority = hasAuthority ? rest.slice(2, end < 0 ? undefined : end) : undefined
  const found = authority === undefined ? bare : { ...bare, ...readAuthority(authority) }
  unescaped(end < 0 ? '' : rest.slice(end), 'path')
  return found
}

function readAuthority(text: string): Pick<ParsedUrl, 'user' | 'host'> {
  const at = text.lastIndexOf('@')
  const host = readHost(text.slice(at + 1))
  if (at < 0) return { user: undefined, host }
  const user = text.slice(0, at)
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) throw new NoUrl('net/url: invalid userinfo')
  const [name, password] = cut(user, ':')
  const written = [name, ...(user.includes(':') ? [password] : [])]
  return { user: written.map(part => escapeUser(unescaped(part, 'user'))).join(':'), host }
}

function readHost(text: string): string {
  const isLiteral = text.startsWith('[')
  const close = text.lastIndexOf(']')
  if (isLiteral && close < 0) throw new NoUrl("missing ']' in host")
  const colon = text.lastIndexOf(':')
  const port = isLiteral ? text.slice(close + 1) : colon < 0 ? '' : text.slice(colon)
  if (!/^(:[0-9]*)?$/.test(port)) throw new NoUrl(`invalid port ${quote(port)} after host`)
  const zone = isLiteral ? text.slice(0, close).indexOf('%25') : -1
  if (zone < 0) return unescaped(text, 'host')
  return (
    unescaped(text.slice(0, zone), 'host') +
    unescaped(text.slice(zone, close), 'zone') +
    unescaped(text.slice(close), 'host')
  )
}

const ALLOWED_IN_HOST = /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]/

function unescaped(text: string, place: Place): string {
  const isHost = place === 'host' || place === 'zone'
  for (const { 0: found, index } of text.matchAll(/%.{0,2}|[^%]/gsu)) {
    if (!found.startsWith('%')) {
      if (isHost && found < '\x80' && !ALLOWED_IN_HOST.test(found)) {
        throw new NoUrl(`invalid character ${quote(found)} in host name`)
      }
      continue
    }
    const code = text.slice(index, index + 3)
    const byte = /^%[0-9A-Fa-f]{2}$/.test(code) ? Number.parseInt(code.slice(1), 16) : undefined
    const isFine =
      byte !== undefined &&
      (!isHost ||
        code === '%25' ||
        (place === 'host'
          ? byte >= 0x80
          : byte === 0x20 || (byte < 0x80 && ALLOWED_IN_HOST.test(String.fromCharCode(byte)))))
    if (!isFine) throw new NoUrl(`invalid URL escape ${quote(code)}`)
  }
  const bytes: number[] = []
  for (const [part, hex] of text.matchAll(/%([0-9A-Fa-f]{2})|[^%]+/g)) {
    if (hex) bytes.push(Number.parseInt(hex, 16))
    else bytes.push(...new TextEncoder().encode(part))
  }
  return new TextDecoder().decode(new Uint8Array(bytes))
}

function escapeUser(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map(byte => {
      const letter = String.fromCharCode(byte)
      if (/[A-Za-z0-9\-_.~$&+,;=]/.test(letter)) return letter
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}

/** What stands before and after the first of a mark. */
function cut(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

const SHORT: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
}

/** Go's `%q`. */
function quote(text: string): string {
  const escaped = text.replace(/["\\\p{Cc}\u2028\u2029\u00a0\ufeff]/gu, letter => {
    const code = letter.charCodeAt(0)
    const hex =
      code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
    return SHORT[letter] ?? hex
  })
  return `"${escaped}"`
}
