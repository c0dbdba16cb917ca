/**
 * The formats of strings that schemas may name. Mirrors `k8s.io/kube-openapi/pkg/validation/strfmt`, where unknown
 * formats are not looked at; the expressions are our own, so that odd corners of names and dates may differ.
 */

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/
const DURATION =
  /^[+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h|d|w| ?(nanoseconds?|seconds?|minutes?|hours?|days?))+$/
const HOST =
  /^([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9])(\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9]))*$/
const EMAIL = /^[^@\s]+@[^@\s]+$/
const IPV4 = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.|$)){4}$/
const IPV6 = /^(?=.*:)[0-9a-fA-F:]*(:(\d{1,3}\.){3}\d{1,3})?$/
const MAC = /^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const isIpv6 = (text: string) => IPV6.test(text) && (text.includes('::') || text.split(':').length >= 7)

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: text => DATE.test(text),
  'date-time': text => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)),
  datetime: text => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)),
  duration: text => DURATION.test(text),
  hostname: text => text.length <= 255 && HOST.test(text),
  email: text => EMAIL.test(text),
  ipv4: text => IPV4.test(text),
  ipv6: isIpv6,
  cidr: text => {
    const [address = '', bits = ''] = text.split('/')
    const isAddress = IPV4.test(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128
    return isAddress && /^\d+$/.test(bits)
  },
  mac: text => MAC.test(text),
  uri: text => /^[a-zA-Z][a-zA-Z0-9+.-]*:.+/.test(text) || text.startsWith('/'),
  uuid: text => UUID.test(text),
  uuid3: text => UUID.test(text),
  uuid4: text => UUID.test(text),
  uuid5: text => UUID.test(text),
  byte: text => BASE64.test(text),
  creditcard: text => /^[\d -]{12,23}$/.test(text),
  hexcolor: text => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: text => /^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$/.test(text),
  isbn: text => /^[\dX -]{10,17}$/.test(text),
  isbn10: text => /^[\dX -]{10,13}$/.test(text),
  isbn13: text => /^[\d -]{13,17}$/.test(text),
  bsonobjectid: text => /^[0-9a-fA-F]{24}$/.test(text),
}

/** Whether the text has the format; true for formats that nobody knows. */
export function hasFormat(text: string, format: string): boolean {
  return FORMATS[format]?.(text) ?? true
}
