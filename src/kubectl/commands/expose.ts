/** `kubectl expose`: a Service in front of a pod, a Deployment, a ReplicaSet or another Service. */
import type { PodSpec, ServicePort, ServiceSpec } from 'kubernetes-types/core/v1.js'
import type { Deployment, Pod, Service } from '../../api/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import { resultPrinter } from '../results.ts'
import { SELECTION_FLAGS, type Selected, selectObjects } from '../selection.ts'
import { type Generated, parsePairs, service, servicePort } from '../skeletons.ts'
import { WRITE_FLAGS } from '../write-flags.ts'
import { create } from './create.ts'

type Strings = Readonly<Record<string, string>>

/** Longer names are cut: a Service's is a DNS label. */
const NAME_LENGTH = 63

export const EXPOSE: Command = {
  name: 'expose',
  flags: [
    ...SELECTION_FLAGS.filter(flag => flag.name === 'filename' || flag.name === 'recursive'),
    ...WRITE_FLAGS,
    { name: 'port', type: 'string' },
    { name: 'target-port', type: 'string' },
    { name: 'protocol', type: 'string' },
    { name: 'name', type: 'string' },
    { name: 'type', type: 'string' },
    { name: 'cluster-ip', type: 'string' },
    { name: 'external-ip', type: 'string' },
    { name: 'load-balancer-ip', type: 'string' },
    { name: 'session-affinity', type: 'string' },
    { name: 'selector', type: 'string' },
    { name: 'labels', short: 'l', type: 'string' },
  ],
  *run(invocation) {
    const { args, namespace } = invocation
    const print = resultPrinter(invocation)
    // `--selector` is the Service's here: it selects nothing to expose.
    const plain = { ...invocation, args: { ...args, flags: args.flags.without('selector') } }
    const targets = yield* selectObjects(plain, args.words)
    if (invocation.hasFailed) return
    for (const target of targets) {
      const { kind, object } = serviceFor(invocation, target)
      yield* create(invocation, print, kind, namespace, object, 'kubectl-expose', 'exposed')
    }
  },
}

function serviceFor(invocation: Invocation, target: Selected): Generated {
  const { flags } = invocation.args
  const { kind, object } = target
  if (!['Pod', 'Service', 'Deployment', 'ReplicaSet', 'ReplicationController'].includes(kind.kind)) {
    throw new KubectlError(`error: cannot expose a ${kind.kind}${kind.group && `.${kind.group}`}`)
  }
  const typedSelector = flags.text('selector')
  const selector = typedSelector ? parsePairs(typedSelector) : selectorOf(target)
  const ports = portsFor(invocation, target)
  const typedLabels = flags.text('labels')
  const labels = typedLabels ? parsePairs(typedLabels) : object.metadata.labels
  const name = flags.text('name') ?? target.name.slice(0, NAME_LENGTH)
  const [type, clusterIP, externalIP] = ['type', 'cluster-ip', 'external-ip'].map(flag => flags.text(flag))
  const loadBalancerIP = flags.text('load-balancer-ip')
  const sessionAffinity = flags.text('session-affinity')
  if (sessionAffinity && sessionAffinity !== 'None' && sessionAffinity !== 'ClientIP') {
    throw new KubectlError(`error: unknown session affinity: ${sessionAffinity}`)
  }
  const spec: ServiceSpec = {
    ...(ports.length > 0 && { ports }),
    selector,
    ...(type && { type }),
    ...(clusterIP && { clusterIP }),
    ...(externalIP && { externalIPs: [externalIP] }),
    ...(loadBalancerIP && type === 'LoadBalancer' && { loadBalancerIP }),
    ...(sessionAffinity && { sessionAffinity }),
  }
  return service({ name, ...(labels && { labels }) }, spec)
}

function selectorOf({ kind, object }: Selected): Strings {
  const why = (reason: string) =>
    new KubectlError(`error: couldn't retrieve selectors via --selector flag or introspection: ${reason}`)
  if (kind.kind === 'Pod') {
    const labels = object.metadata.labels ?? {}
    if (Object.keys(labels).length === 0) throw why('the pod has no labels and cannot be exposed')
    return labels
  }
  if (kind.kind === 'Service') {
    const selector = (object as Service).spec?.selector
    if (!selector) throw why('the service has no pod selector set')
    return selector
  }
  const { matchLabels, matchExpressions = [] } = (object as Deployment).spec?.selector ?? {}
  if (matchExpressions.length > 0) {
    const text = JSON.stringify(matchExpressions)
    throw why(`couldn't convert expressions - ${text} to map-based selector format`)
  }
  if (!matchLabels) {
    throw why(`invalid ${kind.kind.toLowerCase()}: no selectors, therefore cannot be exposed`)
  }
  return matchLabels
}

function portsFor(invocation: Invocation, target: Selected): ServicePort[] {
  const { flags } = invocation.args
  const known = knownPorts(target)
  const typed = flags.text('port')
  const numbers = typed ? typed.split(',').map(Number) : [...new Set(known.map(({ port }) => port))]
  if (numbers.length === 0 && flags.text('cluster-ip') !== 'None') {
    throw new KubectlError("error: couldn't find port via --port flag or introspection")
  }
  const targetPort = flags.text('target-port')
  return numbers.flatMap((port, i) => {
    const found = known.filter(entry => entry.port === port).map(({ protocol }) => protocol)
    const protocols = flags.has('protocol') ? [flags.text('protocol')!] : found
    const target = targetPort ?? `${port}`
    const name = numbers.length > 1 ? `port-${i + 1}` : undefined
    if (protocols.length < 2) return [servicePort(name, port, target, protocols[0])]
    return protocols.map(protocol =>
      servicePort(`port-${i + 1}-${protocol.toLowerCase()}`, port, target, protocol),
    )
  })
}

/** Ports that the object's containers, or the Service itself, have. */
function knownPorts({ kind, object }: Selected): readonly { port: number; protocol: string }[] {
  if (kind.kind === 'Service') {
    const { ports = [] } = (object as Service).spec ?? {}
    return ports.map(({ port, protocol = 'TCP' }) => ({ port, protocol }))
  }
  const spec: PodSpec | undefined =
    kind.kind === 'Pod' ? (object as Pod).spec : (object as Deployment).spec?.template.spec
  const ports = (spec?.containers ?? []).flatMap(container => container.ports ?? [])
  return ports.map(({ containerPort, protocol = 'TCP' }) => ({ port: containerPort, protocol }))
}
