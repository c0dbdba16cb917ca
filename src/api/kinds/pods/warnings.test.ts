import { expect, test } from 'vitest'
import { Deployments } from '../deployments/index.ts'
import { Pods } from './index.ts'

const pod = (spec: object, container: object = {}) =>
  ({ spec: { containers: [{ name: 'a', image: 'x', ...container }], ...spec } }) as never

test.each<[what: string, pod: never, warnings: string[]]>([
  ['nothing', pod({}), []],
  [
    'a variable twice',
    pod({}, { env: [{ name: 'A', value: '1' }, { name: 'B' }, { name: 'A', value: '2' }] }),
    ['spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    'an old label',
    pod({ nodeSelector: { 'beta.kubernetes.io/os': 'linux' } }),
    ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
  ],
  [
    'a port twice',
    pod(
      {},
      {
        ports: [
          { containerPort: 80, protocol: 'TCP' },
          { containerPort: 80, protocol: 'TCP' },
        ],
      },
    ),
    ['spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]'],
  ],
  [
    'a part of a byte',
    pod({}, { resources: { limits: { memory: '128m' } } }),
    [
      'spec.containers[0].resources.limits[memory]: fractional byte value "128m" is invalid, must be an integer',
    ],
  ],
  [
    'a name of a port in two containers',
    pod({
      containers: ['a', 'b'].map((name, i) => ({ name, ports: [{ name: 'http', containerPort: 80 + i }] })),
    }),
    [
      'spec.containers[1].ports[0]: duplicate port name "http" with spec.containers[0].ports[0], services and probes that select ports by name will use spec.containers[0].ports[0]',
    ],
  ],
])('a pod draws a warning for %s', (_what, object, expected) => {
  expect(Pods.strategy.warnings!(object, undefined)).toEqual(expected)
})

test('a template draws its warnings in every generation', () => {
  const template = pod({ terminationGracePeriodSeconds: -1 })
  const ofGeneration = (generation: number) => ({ metadata: { generation }, spec: { template } }) as never
  const { warnings } = Deployments.strategy
  const text =
    'spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1'
  expect(warnings!(ofGeneration(1), undefined)).toEqual([text])
  expect(warnings!(ofGeneration(1), ofGeneration(1))).toEqual([])
  expect(warnings!(ofGeneration(2), ofGeneration(1))).toEqual([text])
})
