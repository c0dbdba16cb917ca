import { describe, expect, test } from 'vitest'
import type { AnyKind } from '../../define-kind.ts'
import { MutatingWebhookConfigurations } from '../mutatingwebhookconfigurations/index.ts'
import { ValidatingAdmissionPolicies } from '../validatingadmissionpolicies/index.ts'
import { ValidatingAdmissionPolicyBindings } from '../validatingadmissionpolicybindings/index.ts'
import { ValidatingWebhookConfigurations } from '../validatingwebhookconfigurations/index.ts'
import { complaints, row, stored } from './kinds.testing.ts'

const RULE = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }
const WEBHOOK = {
  name: 'pods.example.com',
  rules: [RULE],
  clientConfig: { service: { namespace: 'default', name: 'hook' } },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
}
const webhooks = (...list: object[]) => ({ webhooks: list })
const POLICY = { matchConstraints: { resourceRules: [RULE] }, validations: [{ expression: 'true' }] }
const BINDING = { policyName: 'p', validationActions: ['Deny'] }

test('a webhook is complete; only mutating ones say whether they are invoked again', () => {
  const [mutating, validating] = [MutatingWebhookConfigurations, ValidatingWebhookConfigurations].map(
    kind => (stored(kind, webhooks(WEBHOOK)) as never as { webhooks: object[] }).webhooks[0],
  )
  const complete = {
    ...WEBHOOK,
    rules: [{ ...RULE, scope: '*' }],
    clientConfig: { service: { namespace: 'default', name: 'hook', port: 443 } },
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  }
  expect(validating).toEqual(complete)
  expect(mutating).toEqual({ ...complete, reinvocationPolicy: 'Never' })
})

test('changed webhooks are a new generation', () => {
  const { prepareForUpdate } = ValidatingWebhookConfigurations.strategy
  const old = stored(ValidatingWebhookConfigurations, webhooks(WEBHOOK))
  const next = { ...old, webhooks: [] }
  const generationOf = (object: object) =>
    prepareForUpdate!(object as never, old as never, undefined as never).metadata.generation
  expect([generationOf(old), generationOf(next)]).toEqual([1, 2])
})

test.each<[kind: AnyKind, object: object, row: string]>([
  [MutatingWebhookConfigurations, webhooks(WEBHOOK), 'Webhooks=1'],
  [ValidatingWebhookConfigurations, {}, 'Webhooks=0'],
  [ValidatingAdmissionPolicies, { spec: POLICY }, 'Validations=1 ParamKind=<unset>'],
  [
    ValidatingAdmissionPolicies,
    { spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } } },
    'Validations=0 ParamKind=v1/ConfigMap',
  ],
  [ValidatingAdmissionPolicyBindings, { spec: BINDING }, 'PolicyName=p ParamRef=<unset>'],
  [
    ValidatingAdmissionPolicyBindings,
    { spec: { ...BINDING, paramRef: { name: 'a', namespace: 'b' } } },
    'PolicyName=p ParamRef=b/a',
  ],
])('the row, %#', (kind, object, expected) => {
  expect(row(kind, object)).toBe(expected)
})

describe('refused', () => {
  test.each<[kind: AnyKind, object: object, complaints: string[]]>([
    [ValidatingWebhookConfigurations, webhooks(WEBHOOK), []],
    [
      ValidatingWebhookConfigurations,
      webhooks({ name: 'pods', clientConfig: {} }),
      [
        'webhooks[0].name: Invalid value: "pods": should be a domain with at least three segments separated by dots',
        'webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun',
        'webhooks[0].clientConfig: Required value: exactly one of url or service is required',
        'webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1',
      ],
    ],
    [
      ValidatingWebhookConfigurations,
      webhooks({ ...WEBHOOK, timeoutSeconds: 31, clientConfig: { url: 'http://a/b?c' } }, WEBHOOK),
      [
        'webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds',
        `webhooks[0].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
        'webhooks[0].clientConfig.url: Invalid value: "c": query parameters are not permitted in the URL',
        'webhooks[1].name: Duplicate value: "pods.example.com"',
      ],
    ],
    [
      ValidatingWebhookConfigurations,
      webhooks({ ...WEBHOOK, clientConfig: { url: 'https://u:p@?c#d' } }),
      [
        'webhooks[0].clientConfig.url: Invalid value: "": host must be provided; desired format: https://host[/path]',
        'webhooks[0].clientConfig.url: Invalid value: "u:p": user information is not permitted in the URL',
        'webhooks[0].clientConfig.url: Invalid value: "d": fragments are not permitted in the URL',
        'webhooks[0].clientConfig.url: Invalid value: "c": query parameters are not permitted in the URL',
      ],
    ],
    [
      ValidatingWebhookConfigurations,
      webhooks({ ...WEBHOOK, clientConfig: { url: 'https://host:80a/' } }),
      [
        'webhooks[0].clientConfig.url: Required value: url must be a valid URL: parse "https://host:80a/": invalid port ":80a" after host; desired format: https://host[/path]',
      ],
    ],
    [
      MutatingWebhookConfigurations,
      webhooks({
        ...WEBHOOK,
        rules: [{ ...RULE, operations: ['*', 'PATCH'], resources: ['pods/*', 'pods/status'], scope: 'All' }],
      }),
      [
        `webhooks[0].rules[0].operations: Invalid value: ["*","PATCH"]: if '*' is present, must not specify other operations`,
        'webhooks[0].rules[0].operations[1]: Unsupported value: "PATCH": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
        `webhooks[0].rules[0].resources[1]: Invalid value: "pods/status": if 'pods/*' is present, must not specify pods/status`,
        'webhooks[0].rules[0].scope: Unsupported value: "All": supported values: "*", "Cluster", "Namespaced"',
      ],
    ],
    [ValidatingAdmissionPolicies, { spec: POLICY }, []],
    [
      ValidatingAdmissionPolicies,
      { spec: { failurePolicy: 'Perhaps' } },
      [
        'spec.failurePolicy: Unsupported value: "Perhaps": supported values: "Fail", "Ignore"',
        'spec.matchConstraints: Required value',
        'spec.validations: Required value: validations or auditAnnotations must be non-empty; at least one must be specified',
        'spec.auditAnnotations: Required value: validations or auditAnnotations must be non-empty; at least one must be specified',
      ],
    ],
    [
      ValidatingAdmissionPolicies,
      {
        spec: {
          ...POLICY,
          variables: [{ name: '1a', expression: '' }],
          validations: [{ expression: ' ', reason: 'Bad' }],
        },
      },
      [
        'spec.variables[0].name: Invalid value: "1a": name is not a valid CEL identifier',
        'spec.variables[0].expression: Required value: expression is not specified',
        'spec.validations[0].expression: Required value: expression is not specified',
        'spec.validations[0].reason: Unsupported value: "Bad": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"',
      ],
    ],
    [ValidatingAdmissionPolicyBindings, { spec: BINDING }, []],
    [
      ValidatingAdmissionPolicyBindings,
      { spec: { paramRef: {}, validationActions: ['Deny', 'Warn'] } },
      [
        'spec.policyName: Required value',
        'spec.paramRef: Required value: one of name or selector must be specified',
        'spec.paramRef.parameterNotFoundAction: Required value',
        'spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ],
    ],
  ])('%#', (kind, object, expected) => {
    expect(complaints(kind, object)).toEqual(expected)
  })
})
