/** Requests that nobody should send: random paths, queries, heads and bodies, and proper objects with something broken. */
import type { RandomStream } from '../../src/sim/index.ts'

export interface FuzzRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | undefined
}

type Pick = <T>(list: readonly T[]) => T

const METHODS = ['GET', 'GET', 'POST', 'POST', 'PUT', 'PATCH', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'BREW']

const RESOURCES = [
  'v1/pods',
  'v1/configmaps',
  'v1/services',
  'v1/secrets',
  'v1/namespaces',
  'apps/v1/deployments',
  'batch/v1/jobs',
  'batch/v1/cronjobs',
  'autoscaling/v1/horizontalpodautoscalers',
  'rbac.authorization.k8s.io/v1/roles',
  'networking.k8s.io/v1/ingresses',
  'apiextensions.k8s.io/v1/customresourcedefinitions',
  'admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  'authorization.k8s.io/v1/selfsubjectaccessreviews',
  'metrics.k8s.io/v1beta1/pods',
  'v1/things',
] as const

const SUBRESOURCES = [
  ...['', '', '', '', '/status', '/scale', '/log', '/exec', '/attach', '/portforward', '/proxy/x'],
  ...['/binding', '/eviction', '/ephemeralcontainers', '/resize', '/token', '/finalize', '/nothing'],
  ...['/%00', '/..', '/%2f', '/%ff', '/a/b/c/d'],
]

const NAMES = [
  '',
  '',
  '/a',
  '/a',
  '/b',
  '/%2e%2e',
  '/A_',
  '/__proto__',
  '/constructor',
  `/${'n'.repeat(300)}`,
]

const NAMESPACES = [
  ...['/namespaces/default', '/namespaces/default', '', '/namespaces/none', '/namespaces/'],
  ...['/namespaces/__proto__', '/namespaces/..', '/watch', '/namespaces/%20'],
]

const QUERIES = [
  ...['', '', '', 'limit=2', 'limit=-1', 'limit=x', 'limit=1e9', 'limit=99999999999999999999'],
  ...['labelSelector=a%3Db', 'labelSelector=((', 'labelSelector=a+in+(b,c),!d,e+notin+(f)'],
  `labelSelector=${'a%3Db,'.repeat(400)}`,
  `labelSelector=${'('.repeat(3000)}`,
  `fieldSelector=${'metadata.name%3Da,'.repeat(200)}`,
  ...['fieldSelector=metadata.name%3Da', 'fieldSelector=spec.x%3Da', 'fieldSelector=%5C'],
  ...['resourceVersion=abc', 'resourceVersion=0', 'resourceVersion=-5', 'resourceVersion=9999999999'],
  ...['resourceVersion=1&resourceVersionMatch=Exact', 'resourceVersionMatch=Exact', 'continue=abc'],
  ...['continue=e30', 'continue=%00', 'dryRun=All', 'dryRun=x', 'fieldValidation=Strict', 'fieldManager='],
  ...[`fieldManager=${'m'.repeat(200)}`, 'fieldManager=%00', 'propagationPolicy=x', 'orphanDependents=true'],
  ...['watch=1&timeoutSeconds=1', 'watch=1&timeoutSeconds=1&sendInitialEvents=true', 'watch=maybe'],
  ...['watch=1&timeoutSeconds=1&resourceVersion=1', 'watch=1&timeoutSeconds=1&labelSelector=(('],
  ...['force=true&fieldManager=f', 'force=1', 'pretty=1', 'gracePeriodSeconds=-1', 'includeObject=None'],
  ...['includeObject=x', 'timeout=-1s', '%zz', '&&&===', 'a=%ff%fe', 'command=&stdin=1', 'tailLines=-1'],
  ...['sinceTime=yesterday', 'sinceSeconds=0', 'previous=true&container=x', 'limitBytes=0', 'follow=1'],
]

const TYPES = [
  ...['application/json', 'application/json', 'application/json', 'application/json; charset=utf-16'],
  ...['application/yaml', 'application/yaml', 'application/merge-patch+json', 'application/json-patch+json'],
  ...[
    'application/strategic-merge-patch+json',
    'application/apply-patch+yaml',
    'application/apply-patch+cbor',
  ],
  ...['application/vnd.kubernetes.protobuf', 'application/cbor', 'text/html', '', ';;;', 'APPLICATION/JSON'],
]

const PATCHES = [
  'application/merge-patch+json',
  'application/json-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
]

const ACCEPTS = [
  ...['*/*', '*/*', 'application/json', 'application/yaml', 'text/html', ';;,,;q=x', 'application/json;q=0'],
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=Table;v=v9;g=meta.k8s.io',
  'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io',
  'application/vnd.kubernetes.protobuf,application/json',
]

const PATHS = [
  ...[
    '/',
    '//',
    '',
    'api',
    '*',
    '/api',
    '/apis',
    '/api/',
    '/api/v1',
    '/api/v1/',
    '/apis/apps',
    '/apis/apps/v1',
  ],
  ...['/apis/__proto__', '/apis/apps/__proto__/pods', '/version', '/healthz', '/livez/etcd', '/readyz/none'],
  ...['/readyz?verbose&exclude=x', '/openapi/v2', '/openapi/v3', '/openapi/v3/apis/apps/v1', '/openapi/v3/x'],
  ...['/openapi/v3/__proto__', '/metrics', '/%', '/%zz', '/../../etc/passwd', '/api/v1/../../version'],
  ...['/api/v1//pods', '/api/v1/namespaces//pods', '/api/v1/namespaces/a/b/c/d/e/f/g', '/API/V1/pods'],
  ...['http://elsewhere/api/v1/pods', '/.well-known/openid-configuration', '/openid/v1/jwks', '/logs/'],
  `/${'a/'.repeat(2000)}`,
]

const LEAVES: readonly unknown[] = [
  ...[null, '', 'a', 'A_b', -1, 0, 3, 1e300, 1.5, 2 ** 31, 2 ** 53, true, false, [], {}, [null], [[]]],
  ...[{ a: null }, '9'.repeat(300), '\u0000', '\ud800', '1Gi', '-5m', '10%', '2026-01-01T00:00:00Z'],
]

const FIELDS = [
  ...['metadata', 'spec', 'status', 'name', 'namespace', 'labels', 'annotations', 'containers', 'replicas'],
  ...['selector', 'template', 'data', 'stringData', 'kind', 'apiVersion', 'matchLabels', 'matchExpressions'],
  ...['ports', 'image', 'op', 'path', 'from', 'value', '$patch', '$retainKeys', '$setElementOrder/ports'],
  ...['__proto__', 'constructor', 'toString', 'finalizers', 'ownerReferences', 'managedFields', 'env'],
  ...['resources', 'limits', 'volumes', 'deletionTimestamp', 'resourceVersion', 'uid', 'generateName'],
  ...[
    'schedule',
    'versions',
    'schema',
    'openAPIV3Schema',
    'properties',
    'validations',
    'expression',
    'rules',
  ],
]

const LABELS = { app: 'a' }
const TEMPLATE = { metadata: { labels: LABELS }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }

/** What is right, so that what is wrong about it is found deep inside. */
const PROPER: Readonly<Record<string, object>> = {
  'v1/pods': { kind: 'Pod', ...TEMPLATE },
  'v1/configmaps': { kind: 'ConfigMap', data: { a: 'b' }, binaryData: { c: 'AA==' } },
  'v1/services': { kind: 'Service', spec: { type: 'NodePort', selector: LABELS, ports: [{ port: 80 }] } },
  'v1/secrets': { kind: 'Secret', type: 'Opaque', stringData: { a: 'b' } },
  'v1/namespaces': { kind: 'Namespace' },
  'apps/v1/deployments': {
    kind: 'Deployment',
    spec: { replicas: 0, selector: { matchLabels: LABELS }, template: TEMPLATE },
  },
  'batch/v1/jobs': {
    kind: 'Job',
    spec: {
      suspend: true,
      completions: 1,
      template: { spec: { restartPolicy: 'Never', ...TEMPLATE.spec } },
    },
  },
  'batch/v1/cronjobs': {
    kind: 'CronJob',
    spec: {
      schedule: '@yearly',
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', ...TEMPLATE.spec } } } },
    },
  },
  'autoscaling/v1/horizontalpodautoscalers': {
    kind: 'HorizontalPodAutoscaler',
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, maxReplicas: 1 },
  },
  'rbac.authorization.k8s.io/v1/roles': {
    kind: 'Role',
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  },
  'networking.k8s.io/v1/ingresses': {
    kind: 'Ingress',
    spec: { defaultBackend: { service: { name: 'a', port: { number: 80 } } } },
  },
  'apiextensions.k8s.io/v1/customresourcedefinitions': {
    kind: 'CustomResourceDefinition',
    spec: {
      group: 'example.com',
      names: { plural: 'as', kind: 'A' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: { type: 'object', 'x-kubernetes-validations': [{ rule: 'self == self' }] },
              },
            },
          },
        },
      ],
    },
  },
  'admissionregistration.k8s.io/v1/validatingadmissionpolicies': {
    kind: 'ValidatingAdmissionPolicy',
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: ['x'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['x'] }],
      },
      validations: [{ expression: 'object.spec.x < 3' }],
    },
  },
  'authorization.k8s.io/v1/selfsubjectaccessreviews': {
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb: 'get', resource: 'pods' } },
  },
}

/** The next request out of a stream of chance. */
export function randomRequest(random: RandomStream): FuzzRequest {
  const pick: Pick = list => list[random.below(list.length)]!
  const method = pick(METHODS)
  const at = pick(RESOURCES)
  const type = method === 'PATCH' && random.below(5) > 0 ? pick(PATCHES) : pick(TYPES)
  const headers: Record<string, string> = { 'content-type': type, accept: pick(ACCEPTS) }
  if (random.below(30) === 0)
    headers.authorization = pick(['Bearer x.y.z', 'Bearer ', 'Basic YTpi', 'Bearer \u00ff'])
  if (random.below(30) === 0) headers['impersonate-user'] = pick(['jane', '', 'system:serviceaccount:a'])
  // Groups without a user are answered with 500, as upstream does.
  if (headers['impersonate-user'] && random.below(2) === 0) headers['impersonate-group'] = 'system:masters'
  const path = random.below(8) === 0 ? pick(PATHS) : resourcePath(random, pick, method, at)
  const hasBody = method !== 'GET' && method !== 'HEAD' && random.below(20) > 0
  return { method, path, headers, body: hasBody ? randomBody(random, pick, at, type) : undefined }
}

function resourcePath(random: RandomStream, pick: Pick, method: string, at: string): string {
  const slash = at.lastIndexOf('/')
  const version = at.slice(0, slash)
  const prefix = version === 'v1' ? '/api/v1' : `/apis/${version}`
  const isUsual = random.below(2) === 0
  const isCluster = /namespaces|definitions|policies|reviews/.test(at)
  const namespace = isUsual ? (isCluster ? '' : '/namespaces/default') : pick(NAMESPACES)
  const name = isUsual ? (method === 'POST' ? '' : '/a') : pick(NAMES)
  const asked = pick(QUERIES)
  // What would last is made short.
  const query = namespace === '/watch' ? `${asked}&timeoutSeconds=1` : asked
  const below = name && random.below(3) > 0 ? pick(SUBRESOURCES) : ''
  return `${prefix}${namespace}${at.slice(slash)}${name}${below}${query && `?${query}`}`
}

function randomBody(random: RandomStream, pick: Pick, at: string, type: string): string | Buffer {
  const proper = PROPER[at]
  const slash = at.lastIndexOf('/')
  const metadata = {
    name: pick(['a', 'a', 'b', 'A_', '']),
    ...(random.below(4) === 0 && { labels: manyLabels(random) }),
  }
  let value: unknown =
    proper && random.below(3) > 0
      ? mutated(random, pick, { apiVersion: at.slice(0, slash), metadata, ...proper }, random.below(4))
      : tree(random, pick, 5)
  if (type === 'application/json-patch+json' && random.below(4) > 0) value = jsonPatch(random, pick)
  const text = JSON.stringify(value)
  switch (random.below(24)) {
    case 0:
      return text.slice(0, random.below(text.length + 1))
    case 1:
      return garbled(random, Buffer.from(text))
    case 2:
      return Buffer.concat([Buffer.from('k8s\0'), garbled(random, Buffer.from(text))])
    case 3:
      return pick([
        '[',
        '['.repeat(5000),
        '{"a":'.repeat(3000),
        '&a [*a]',
        'a: &a {b: *a}',
        '---\n---',
        '\ufeff{}',
        '!!js x',
      ])
    case 4:
      return `${text.slice(0, -1)},"metadata":{"name":"twice"}}`
    default:
      return text
  }
}

function manyLabels(random: RandomStream): object {
  const count = random.below(20) === 0 ? 2000 : random.below(5)
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`l${index}`, 'v'.repeat(random.below(70))]),
  )
}

/** The same value with some places in it replaced, removed or doubled. */
function mutated(random: RandomStream, pick: Pick, value: unknown, times: number): unknown {
  if (times === 0 || typeof value !== 'object' || value === null) {
    return times === 0 ? value : tree(random, pick, 2)
  }
  if (Array.isArray(value)) {
    const at = random.below(value.length + 1)
    if (random.below(4) === 0) return [...value, ...value]
    return value.map((one, index) => (index === at ? mutated(random, pick, one, times) : one))
  }
  const entries = Object.entries(value)
  const at = random.below(entries.length)
  if (random.below(6) === 0) entries.push([pick(FIELDS), tree(random, pick, 2)])
  else if (random.below(5) === 0) entries.splice(at, 1)
  else if (entries[at]) entries[at] = [entries[at][0], mutated(random, pick, entries[at][1], times)]
  return mutated(random, pick, Object.fromEntries(entries), times - 1)
}

function jsonPatch(random: RandomStream, pick: Pick): unknown {
  return Array.from({ length: random.below(4) }, () => ({
    op: pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']),
    path: pick([
      '',
      '/',
      '/spec',
      '/metadata/labels/a',
      '/metadata/name',
      '/spec/ports/-',
      '/a~1b',
      '/~2',
      'x',
      '/__proto__/a',
    ]),
    from: pick(['', '/spec', '/metadata', '/none', '/metadata/labels']),
    value: tree(random, pick, 2),
  }))
}

function tree(random: RandomStream, pick: Pick, depth: number): unknown {
  if (depth === 0 || random.below(4) === 0) return pick(LEAVES)
  if (random.below(5) === 0)
    return Array.from({ length: random.below(3) }, () => tree(random, pick, depth - 1))
  const count = random.below(5)
  return Object.fromEntries(
    Array.from({ length: count }, () => [pick(FIELDS), tree(random, pick, depth - 1)]),
  )
}

function garbled(random: RandomStream, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let count = random.below(4) + 1; count > 0 && copy.length > 0; count--) {
    copy[random.below(copy.length)] = random.below(256)
  }
  return copy
}
