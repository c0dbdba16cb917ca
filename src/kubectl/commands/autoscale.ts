/** `kubectl autoscale`: a HorizontalPodAutoscaler for something that can be scaled. */
import { HorizontalPodAutoscalers } from '../../api/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import { resultPrinter } from '../results.ts'
import { SELECTION_FLAGS, type Selected, selectObjects } from '../selection.ts'
import { type Generated, generated } from '../skeletons.ts'
import { WRITE_FLAGS } from '../write-flags.ts'
import { create } from './create.ts'

export const AUTOSCALE: Command = {
  name: 'autoscale',
  flags: [
    ...SELECTION_FLAGS.filter(flag => flag.name === 'filename' || flag.name === 'recursive'),
    ...WRITE_FLAGS,
    { name: 'min', type: 'integer' },
    { name: 'max', type: 'integer' },
    { name: 'cpu-percent', type: 'integer' },
    { name: 'name', type: 'string' },
  ],
  *run(invocation) {
    const { args, namespace } = invocation
    checkBounds(invocation)
    const print = resultPrinter(invocation)
    const targets = yield* selectObjects(invocation, args.words)
    if (invocation.hasFailed) return
    for (const target of targets) {
      const { kind, object } = autoscalerFor(invocation, target)
      yield* create(invocation, print, kind, namespace, object, 'kubectl-autoscale', 'autoscaled')
    }
  },
}

function checkBounds({ args: { flags } }: Invocation): void {
  const max = flags.integer('max')
  const min = flags.integer('min') ?? -1
  if (max === undefined) throw new KubectlError('error: required flag(s) "max" not set')
  if (max < 1) {
    throw new KubectlError(`error: --max=MAXPODS is required and must be at least 1, max: ${max}`)
  }
  if (max < min) {
    throw new KubectlError(
      `error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`,
    )
  }
}

function autoscalerFor({ args: { flags } }: Invocation, { kind, name }: Selected): Generated {
  if (!kind.scale) {
    const resource = `${kind.group}/${kind.version}, Resource=${kind.plural}`
    throw new KubectlError(
      `error: cannot autoscale a ${kind.kind}: could not find scale subresource for ${resource} in discovery information`,
    )
  }
  const min = flags.integer('min') ?? -1
  const percent = flags.integer('cpu-percent') ?? -1
  const target = { type: 'Utilization', averageUtilization: percent }
  const spec = {
    ...(percent >= 0 && { metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] }),
    ...(min > 0 && { minReplicas: min }),
    maxReplicas: flags.integer('max'),
    scaleTargetRef: { apiVersion: kind.apiVersion, kind: kind.kind, name },
  }
  const status = { currentMetrics: null, desiredReplicas: 0 }
  return generated(HorizontalPodAutoscalers, { name: flags.text('name') ?? name }, { spec, status })
}
