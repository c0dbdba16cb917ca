import { describe, expect, test } from 'vitest'
import {
  isConfigMapKey,
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isEnvironmentName,
  isHttpHeaderName,
  isIp,
  isLabelValue,
  isPercent,
  isPortName,
  isPortNumber,
  isQualifiedName,
  isRelaxedEnvironmentName,
  type TextRule,
} from './names.ts'

const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const QUALIFIED =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

describe('a complaint is worded as upstream words it', () => {
  test.each<[string, TextRule, string, string[]]>([
    ['subdomain', isDns1123Subdomain, 'Web', [SUBDOMAIN]],
    ['subdomain', isDns1123Subdomain, 'a'.repeat(254), ['must be no more than 253 characters']],
    ['label', isDns1123Label, '-a', [LABEL]],
    ['label', isDns1123Label, 'a.b', ['must not contain dots']],
    ['label', isDns1123Label, '', [LABEL]],
    [
      '1035 label',
      isDns1035Label,
      '1a',
      [
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    ['qualified name', isQualifiedName, '', ['name part must be non-empty', `name part ${QUALIFIED}`]],
    ['qualified name', isQualifiedName, '/x', ['prefix part must be non-empty']],
    ['qualified name', isQualifiedName, 'A/x', [`prefix part ${SUBDOMAIN}`]],
    ['qualified name', isQualifiedName, 'a'.repeat(64), ['name part must be no more than 63 characters']],
    [
      'qualified name',
      isQualifiedName,
      'a/b/c',
      [
        `a qualified name ${QUALIFIED} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ],
    ],
    [
      'label value',
      isLabelValue,
      'a b',
      [
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    ],
    ['config key', isConfigMapKey, '..', ["must not be '..'"]],
    ['config key', isConfigMapKey, '..x', ["must not start with '..'"]],
    [
      'percent',
      isPercent,
      '25',
      [
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ],
    ],
    [
      'port name',
      isPortName,
      '80--',
      [
        'must contain at least one letter (a-z)',
        'must not contain consecutive hyphens',
        'must not begin or end with a hyphen',
      ],
    ],
    [
      'variable',
      isRelaxedEnvironmentName,
      'A=B',
      ["a valid environment variable name must consist only of printable ASCII characters other than '='"],
    ],
    ['address', isIp, '10.0.0.256', ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
  ])('%s %j', (_, rule, value, complaints) => {
    expect(rule(value)).toEqual(complaints)
  })
})

describe('what is well formed passes', () => {
  test.each<[string, TextRule, string[]]>([
    ['subdomain', isDns1123Subdomain, ['web', 'a.b', '0', 'node-1.example.com']],
    ['label', isDns1123Label, ['web', '0-a', 'a'.repeat(63)]],
    ['1035 label', isDns1035Label, ['web', 'a-1']],
    ['qualified name', isQualifiedName, ['app', 'app.kubernetes.io/name', 'A_b.c']],
    ['label value', isLabelValue, ['', 'v1', 'A_b.c', 'a'.repeat(63)]],
    ['config key', isConfigMapKey, ['a.conf', 'KEY_1', '.hidden']],
    ['port name', isPortName, ['http', 'x-1']],
    ['variable', isEnvironmentName, ['PATH', 'a.b', '_x']],
    ['variable', isRelaxedEnvironmentName, ['1A', 'a b']],
    ['header', isHttpHeaderName, ['X-Header', 'a1']],
    ['address', isIp, ['10.0.0.1', '::1', '2001:db8::ffff', '::ffff:10.0.0.1', '1:2:3:4:5:6:7:8']],
  ])('%s', (_, rule, values) => {
    for (const value of values) expect(rule(value), value).toEqual([])
  })

  test('ports from 1 to 65535', () => {
    expect([1, 80, 65535].flatMap(isPortNumber)).toEqual([])
    expect(isPortNumber(0)).toEqual(['must be between 1 and 65535, inclusive'])
  })
})

test.each(['1.2.3', '01.2.3.4', ':::', '1:2:3:4:5:6:7', 'g::1', '1::2::3', ''])('%j is no address', value => {
  expect(isIp(value)).toHaveLength(1)
})
