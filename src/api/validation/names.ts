/**
 * What names, label keys and values, ports and environment variables may look like. Mirrors
 * `k8s.io/apimachinery/pkg/util/validation`: each rule gives the list of its complaints, in upstream's words,
 * empty when there are none.
 */

/** A rule about one text. */
export type TextRule = (value: string) => string[]

const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const DNS_SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`
const DNS_1035_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?'
const QUALIFIED_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const LABEL_VALUE = `(${QUALIFIED_NAME})?`
const ENVIRONMENT_NAME = '[-._a-zA-Z][-._a-zA-Z0-9]*'
const CONFIG_KEY = '[-._a-zA-Z0-9]+'
const PERCENT = '[0-9]+%'
const HEADER_NAME = '[-A-Za-z0-9]+'

const whole = (pattern: string) => new RegExp(`^${pattern}$`)
const DNS_1035_LABEL_REGEX = whole(DNS_1035_LABEL)
const QUALIFIED_NAME_REGEX = whole(QUALIFIED_NAME)
const LABEL_VALUE_REGEX = whole(LABEL_VALUE)
const CONFIG_KEY_REGEX = whole(CONFIG_KEY)
const PERCENT_REGEX = whole(PERCENT)
const HEADER_NAME_REGEX = whole(HEADER_NAME)

/** `must be no more than 63 characters` */
export function tooLongText(maximum: number): string {
  return `must be no more than ${maximum} characters`
}

/** `must be between 1 and 65535, inclusive` */
export function rangeText(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`
}

/** A complaint that shows the rule's regular expression, after examples if there are any. */
export function regexText(message: string, pattern: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`
  const shown = examples.map(example => `'${example}'`).join(',  or ')
  return `${message} (e.g. ${shown}, regex used for validation is '${pattern}')`
}

/**
 * Whether labels are joined by dots: what the regular expression says, in a fraction of its time. Every object's
 * name is asked about.
 */
function isSubdomain(value: string): boolean {
  let before = DOT
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    const isAlphanumeric = (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
    if (!isAlphanumeric) {
      // A label neither begins nor ends with a dash, and is not empty.
      if (code === DASH ? before === DOT : code !== DOT || before === DOT || before === DASH) return false
    }
    before = code
  }
  return before !== DOT && before !== DASH
}
const DASH = 45
const DOT = 46

/** A lowercase RFC 1123 label: at most 63 of a-z, 0-9 and `-`. */
export const isDns1123Label: TextRule = value => {
  const errors = value.length > 63 ? [tooLongText(63)] : []
  if (isSubdomain(value) && !value.includes('.')) return errors
  // Upstream names the subdomain's rule instead where that is what was broken.
  const message = isSubdomain(value)
    ? 'must not contain dots'
    : regexText(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
        DNS_LABEL,
        'my-name',
        '123-abc',
      )
  return [...errors, message]
}

/** Labels joined by dots, at most 253 characters: what most objects are named. */
export const isDns1123Subdomain: TextRule = value => {
  const errors = value.length > 253 ? [tooLongText(253)] : []
  if (isSubdomain(value)) return errors
  const message =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
  return [...errors, regexText(message, DNS_SUBDOMAIN, 'example.com')]
}

/** A label that starts with a letter: what Services are named. */
export const isDns1035Label: TextRule = value => {
  const errors = value.length > 63 ? [tooLongText(63)] : []
  if (DNS_1035_LABEL_REGEX.test(value)) return errors
  const message =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
  return [...errors, regexText(message, DNS_1035_LABEL, 'my-name', 'abc-123')]
}

/** `name` or `example.com/name`: label keys, annotation keys, finalizers, extended resources. */
export const isQualifiedName: TextRule = value => {
  const parts = value.split('/')
  if (parts.length > 2) {
    const form = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
    return [`a qualified name ${QUALIFIED_NAME_RULE} ${form}`]
  }
  const errors: string[] = []
  const [prefix, name] = parts.length === 2 ? [parts[0]!, parts[1]!] : [undefined, value]
  if (prefix === '') errors.push('prefix part must be non-empty')
  else if (prefix !== undefined) {
    for (const complaint of isDns1123Subdomain(prefix)) errors.push(`prefix part ${complaint}`)
  }
  if (name === '') errors.push('name part must be non-empty')
  else if (name.length > 63) errors.push(`name part ${tooLongText(63)}`)
  if (!QUALIFIED_NAME_REGEX.test(name)) errors.push(`name part ${QUALIFIED_NAME_RULE}`)
  return errors
}
const QUALIFIED_NAME_RULE = regexText(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  QUALIFIED_NAME,
  'MyName',
  'my.name',
  '123-abc',
)

/** Empty, or at most 63 characters that begin and end with a letter or digit. */
export const isLabelValue: TextRule = value => {
  const errors = value.length > 63 ? [tooLongText(63)] : []
  if (LABEL_VALUE_REGEX.test(value)) return errors
  const message =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
  return [...errors, regexText(message, LABEL_VALUE, 'MyValue', 'my_value', '12345')]
}

/** A name that can be a part of a URL: the only rule for kinds whose names say more than DNS does. */
export const isPathSegment: TextRule = value => {
  if (value === '.' || value === '..') return [`may not be '${value}'`]
  return ['/', '%'].filter(character => value.includes(character)).map(one => `may not contain '${one}'`)
}

/** A port that can be listened on. */
export function isPortNumber(port: number): string[] {
  return isInRange(port, 1, 65535)
}

export function isInRange(value: number, low: number, high: number): string[] {
  return value >= low && value <= high ? [] : [rangeText(low, high)]
}

/** An IANA service name, which is what ports are named. */
export const isPortName: TextRule = value => {
  const errors: string[] = []
  if (value.length > 15) errors.push(tooLongText(15))
  if (!/^[-a-z0-9]+$/.test(value)) {
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  }
  if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)')
  if (value.includes('--')) errors.push('must not contain consecutive hyphens')
  if (value.startsWith('-') || value.endsWith('-')) errors.push('must not begin or end with a hyphen')
  return errors
}

/** A name of an environment variable, by the strict rule: `envFrom` prefixes. */
export const isEnvironmentName: TextRule = value => {
  const message =
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit"
  const rule = regexText(message, ENVIRONMENT_NAME, 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1')
  return [...(whole(ENVIRONMENT_NAME).test(value) ? [] : [rule]), ...directoryComplaints(value)]
}

/** A name of an environment variable, by the rule in force since 1.32. */
export const isRelaxedEnvironmentName: TextRule = value => {
  if (value === '') return ['environment variable name must be non-empty']
  if (/^[\x20-\x3c\x3e-\x7e]*$/.test(value)) return []
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

/** A key of a ConfigMap or Secret. */
export const isConfigMapKey: TextRule = value => {
  const errors = value.length > 253 ? [tooLongText(253)] : []
  if (!CONFIG_KEY_REGEX.test(value)) {
    const message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
    errors.push(regexText(message, CONFIG_KEY, 'key.name', 'KEY_NAME', 'key-name'))
  }
  return [...errors, ...directoryComplaints(value)]
}

/** `25%` */
export const isPercent: TextRule = value => {
  if (PERCENT_REGEX.test(value)) return []
  const message = "a valid percent string must be a numeric string followed by an ending '%'"
  return [regexText(message, PERCENT, '1%', '93%')]
}

export const isHttpHeaderName: TextRule = value => {
  if (HEADER_NAME_REGEX.test(value)) return []
  const message = "a valid HTTP header must consist of alphanumeric characters or '-'"
  return [regexText(message, HEADER_NAME, 'X-Header-Name')]
}

/** An IPv4 or IPv6 address; IPv4 octets without leading zeros. */
export const isIp: TextRule = value => {
  return isIpv4(value) || isIpv6(value)
    ? []
    : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']
}

function isIpv4(value: string): boolean {
  const octets = value.split('.')
  return (
    octets.length === 4 && octets.every(octet => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)
  )
}

function isIpv6(value: string): boolean {
  const halves = value.split('::')
  if (!value.includes(':') || halves.length > 2) return false
  const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1)
  const endsInIpv4 = last?.includes('.') === true
  const hex = endsInIpv4 ? groups.slice(0, -1) : groups
  if (!hex.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return false
  if (endsInIpv4 && !isIpv4(last)) return false
  const length = hex.length + (endsInIpv4 ? 2 : 0)
  return halves.length === 2 ? length < 8 : length === 8
}

/** A range of addresses: `10.9.8.0/24`. */
export const isCidr: TextRule = value => {
  const [address = '', bits = '', ...rest] = value.split('/')
  const maximum = isIpv4(address) ? 32 : isIpv6(address) ? 128 : -1
  const isRight = rest.length === 0 && /^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= maximum
  return isRight ? [] : ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']
}

/** `*.example.com`: any name one label below. */
export const isWildcardDns1123Subdomain: TextRule = value => {
  const errors = value.length > 253 ? [tooLongText(253)] : []
  if (value.startsWith('*.') && isSubdomain(value.slice(2))) return errors
  const message =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"
  return [...errors, regexText(message, `\\*\\.${DNS_SUBDOMAIN}`, '*.example.com')]
}

/** Keys become file names: those that would leave the directory are refused. */
function directoryComplaints(value: string): string[] {
  if (value === '.') return ["must not be '.'"]
  if (value === '..') return ["must not be '..'"]
  return value.startsWith('..') ? ["must not start with '..'"] : []
}
