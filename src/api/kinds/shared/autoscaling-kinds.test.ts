import { describe, expect, test } from 'vitest'
import type { AnyKind } from '../../define-kind.ts'
import type { KubeObject } from '../../object.ts'
import { CronJobs } from '../cronjobs/index.ts'
import { HorizontalPodAutoscalers } from '../horizontalpodautoscalers/index.ts'
import { HorizontalPodAutoscalersV1 } from '../horizontalpodautoscalers/v1.ts'
import { PodTemplates } from '../podtemplates/index.ts'
import { ReplicationControllers } from '../replicationcontrollers/index.ts'
import { changeComplaints, complaints, row, stored } from './kinds.testing.ts'

const TEMPLATE = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'nginx' }] },
}
const JOB = { spec: { template: { spec: { ...TEMPLATE.spec, restartPolicy: 'Never' } } } }
const cron = (fields: object) => ({ spec: { schedule: '*/5 * * * *', jobTemplate: JOB, ...fields } })
const TARGET = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }
const autoscaler = (fields: object) => ({ spec: { scaleTargetRef: TARGET, maxReplicas: 5, ...fields } })
const CPU = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
}
const MEMORY = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
}

test('a CronJob is complete, its pods too', () => {
  expect(stored(CronJobs, cron({}))).toMatchObject({
    spec: {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: { spec: { template: { spec: { schedulerName: 'default-scheduler' } } } },
    },
    status: {},
  })
})

test('a controller selects by the labels of its template, and shows them', () => {
  expect(stored(ReplicationControllers, { spec: { template: TEMPLATE } })).toMatchObject({
    metadata: { labels: { app: 'web' }, generation: 1 },
    spec: { replicas: 1, selector: { app: 'web' } },
    status: { replicas: 0 },
  })
})

test('an autoscaler looks at the processor, and moves as upstream does', () => {
  const { spec } = stored(HorizontalPodAutoscalers, autoscaler({ behavior: {} })) as never as {
    spec: Record<string, object>
  }
  expect(spec).toMatchObject({
    minReplicas: 1,
    metrics: [{ resource: { name: 'cpu', target: { averageUtilization: 80 } } }],
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 0, selectPolicy: 'Max' },
      scaleDown: { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
    },
  })
})

test.each<[kind: AnyKind, object: object, row: string]>([
  [
    CronJobs,
    {
      ...cron({ timeZone: 'Etc/UTC' }),
      status: { active: [{}], lastScheduleTime: '2026-01-01T00:58:00Z' },
    },
    'Schedule=*/5 * * * * Timezone=Etc/UTC Suspend=False Active=1 Last Schedule=2m [Containers=web] [Images=nginx] [Selector=<none>]',
  ],
  [
    ReplicationControllers,
    { spec: { replicas: 3, template: TEMPLATE }, status: { replicas: 2, readyReplicas: 1 } },
    'Desired=3 Current=2 Ready=1 [Containers=web] [Images=nginx] [Selector=app=web]',
  ],
  [PodTemplates, { template: TEMPLATE }, 'Containers=web Images=nginx Pod Labels=app=web'],
  [
    HorizontalPodAutoscalers,
    {
      ...autoscaler({ metrics: [CPU, MEMORY, MEMORY] }),
      status: {
        currentReplicas: 2,
        currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 7 } } }],
      },
    },
    'Reference=Deployment/web Targets=cpu: 7%/50%, memory: <unknown>/1Gi + 1 more... MinPods=1 MaxPods=5 Replicas=2',
  ],
])('the row, %#', (kind, object, expected) => {
  expect(row(kind, object)).toBe(expected)
})

describe('refused', () => {
  test.each<[kind: AnyKind, object: object, complaints: string[]]>([
    [CronJobs, cron({}), []],
    [
      CronJobs,
      { ...cron({ concurrencyPolicy: 'Maybe' }), metadata: { name: 'a'.repeat(53) } },
      [
        'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
        `metadata.name: Invalid value: "${'a'.repeat(53)}": must be no more than 52 characters`,
      ],
    ],
    [
      CronJobs,
      cron({ jobTemplate: { spec: { template: TEMPLATE, manualSelector: true } } }),
      [
        'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
        'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
      ],
    ],
    [
      CronJobs,
      cron({ timeZone: 'Mars/Olympus' }),
      ['spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus'],
    ],
    [
      ReplicationControllers,
      { spec: { selector: { app: 'db' }, template: TEMPLATE } },
      [
        'spec.template.metadata.labels: Invalid value: map[string]string{"app":"web"}: `selector` does not match template `labels`',
      ],
    ],
    [
      ReplicationControllers,
      { spec: {} },
      ['spec.selector: Required value', 'spec.template: Required value'],
    ],
    [HorizontalPodAutoscalers, autoscaler({}), []],
    [
      HorizontalPodAutoscalers,
      autoscaler({ minReplicas: 9, scaleTargetRef: { kind: 'Deployment' } }),
      [
        'spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`',
        'spec.scaleTargetRef.name: Required value',
      ],
    ],
    [
      HorizontalPodAutoscalers,
      autoscaler({
        metrics: [
          { type: 'Pods', resource: CPU.resource },
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } },
        ],
      }),
      [
        'spec.metrics[0].pods: Required value: must populate information for the given metric source',
        'spec.metrics[0].resource: Forbidden: must populate the given metric source only',
        'spec.metrics[1].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
      ],
    ],
    [
      HorizontalPodAutoscalers,
      autoscaler({ behavior: { scaleUp: { policies: [], stabilizationWindowSeconds: 4000 } } }),
      [
        'spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600',
        'spec.behavior.scaleUp.policies: Required value: must specify at least one Policy',
      ],
    ],
  ])('%#', (kind, object, expected) => {
    expect(complaints(kind, object)).toEqual(expected)
  })

  test.each<[schedule: string, complaint: string | undefined]>([
    ['0 0 1 jan mon-fri', undefined],
    ['@hourly', undefined],
    ['@every 1h30m', undefined],
    ['*/15 0-6,18-23/2 ? * 0', undefined],
    ['* * *', 'expected exactly 5 fields, found 3: [* * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['a * * * *', 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'],
    ['@fortnightly', 'unrecognized descriptor: @fortnightly'],
  ])('schedule %s', (schedule, complaint) => {
    const expected = complaint ? [`spec.schedule: Invalid value: "${schedule}": ${complaint}`] : []
    expect(complaints(CronJobs, cron({ schedule }))).toEqual(expected)
  })

  test('a schedule with a zone of its own', () => {
    expect(complaints(CronJobs, cron({ schedule: 'TZ=UTC 0 0 * * *' }))).toEqual([
      'spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    ])
  })

  test('nothing, when a controller selects others', () => {
    const before = { spec: { template: TEMPLATE } }
    const labels = { app: 'db' }
    const after = { spec: { selector: labels, template: { ...TEMPLATE, metadata: { labels } } } }
    expect(changeComplaints(ReplicationControllers, before, after)).toEqual([])
  })
})

describe('autoscaling/v1', () => {
  const { fromStored, toStored } = HorizontalPodAutoscalersV1.storedAs!

  test('shows the processor as a field and the rest as annotations, and takes both back', () => {
    const metrics = [CPU, MEMORY]
    const status = { desiredReplicas: 1, conditions: [{ type: 'AbleToScale', status: 'True' }] }
    const whole = { ...stored(HorizontalPodAutoscalers, autoscaler({ metrics })), status } as KubeObject
    const served = fromStored(whole) as never as Record<string, Record<string, unknown>>
    expect(served).toMatchObject({
      apiVersion: 'autoscaling/v1',
      metadata: {
        annotations: {
          'autoscaling.alpha.kubernetes.io/metrics':
            '[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"1Gi"}}]',
          'autoscaling.alpha.kubernetes.io/conditions': '[{"type":"AbleToScale","status":"True"}]',
        },
      },
      spec: { minReplicas: 1, maxReplicas: 5, targetCPUUtilizationPercentage: 50 },
    })
    expect(toStored(served as never)).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: { metrics },
      status,
    })
  })

  test('without any target is for the processor at 80 %', () => {
    const sent = stored(HorizontalPodAutoscalersV1, autoscaler({}))
    expect(toStored(sent)).toMatchObject({
      spec: { metrics: [{ resource: { name: 'cpu', target: { averageUtilization: 80 } } }] },
    })
  })

  const pods = { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '10' } }
  const object = { describedObject: TARGET, metric: { name: 'hits' }, target: { type: 'Value', value: '5' } }
  const external = {
    metric: { name: 'queue', selector: { matchLabels: { a: 'b' } } },
    target: { type: 'AverageValue', averageValue: '3' },
  }
  test.each<[string, object]>([
    ['pods', { type: 'Pods', pods }],
    ['an object', { type: 'Object', object }],
    ['something external', { type: 'External', external }],
  ])('keeps a metric of %s', (_what, metric) => {
    const whole = stored(HorizontalPodAutoscalers, autoscaler({ metrics: [metric] }))
    expect(toStored(fromStored(whole))).toMatchObject({ spec: { metrics: [metric] } })
  })
})
