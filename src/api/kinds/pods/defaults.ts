/**
 * What the API server fills in in pods and pod templates. Mirrors `SetDefaults_PodSpec` and `SetDefaults_Pod` of
 * pkg/apis/core/v1/defaults.go. A spec that is stored in a template is completed once: whoever creates pods with
 * it hands over that very value, and it is recognised by identity. Pod-level resources are not modelled.
 */
import type { Container, PodSpec, PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import { memoiseByObject } from '../../memo.ts'
import { changeField, decoding, fill, mapKept, NO_TIME, withField } from '../shared/fill.ts'
import { freezeDeep } from '../shared/freeze.ts'
import { canonicalResources } from '../shared/resources.ts'
import { defaultContainer } from './container-defaults.ts'
import type { Pod } from './types.ts'
import { defaultVolume } from './volume-defaults.ts'

/** A pod complete. */
export const defaultPod: (pod: Pod) => Pod = decoding('Pod', 'v1', pod => {
  return pod.spec ? withField(pod, 'spec', defaultPodSpec(pod.spec)) : pod
})

/** The spec of a pod: what templates get, and what only a pod does. */
const defaultPodSpec = memoiseByObject((spec: PodSpec): PodSpec => {
  let complete = completeTemplateSpec(spec)
  if (complete.enableServiceLinks == null) complete = { ...complete, enableServiceLinks: true }
  complete = changeField(complete, 'containers', list => mapKept(list, defaultRequests))
  complete = changeField(complete, 'initContainers', list => mapKept(list, defaultRequests))
  if (complete.hostNetwork) {
    complete = changeField(complete, 'containers', list => mapKept(list, defaultHostPorts))
    complete = changeField(complete, 'initContainers', list => mapKept(list, defaultHostPorts))
  }
  return Object.isFrozen(spec) ? freezeDeep(complete) : complete
})

/**
 * A template complete and frozen, as workloads embed it: all pods that are made from it share its parts, and what
 * was found out about one of them (its rules are kept, what it requests) holds for all.
 */
export const defaultPodTemplate = memoiseByObject((template: PodTemplateSpec): PodTemplateSpec => {
  const metadata = template.metadata?.creationTimestamp === undefined ? withoutTime(template) : undefined
  const complete = metadata ? { ...template, metadata } : template
  return freezeDeep(changeField(complete, 'spec', completeTemplateSpec))
})

/** Templates always show the time that they never have. */
function withoutTime(template: PodTemplateSpec): PodTemplateSpec['metadata'] {
  return { ...template.metadata, creationTimestamp: NO_TIME }
}

const SPEC_DEFAULTS = Object.freeze({
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  schedulerName: 'default-scheduler',
  securityContext: Object.freeze({}),
})

function completeTemplateSpec(spec: PodSpec): PodSpec {
  let complete = fill(spec, SPEC_DEFAULTS)
  const account = complete.serviceAccountName || complete.serviceAccount
  if (account && (complete.serviceAccountName !== account || complete.serviceAccount !== account)) {
    complete = { ...complete, serviceAccountName: account, serviceAccount: account }
  }
  complete = changeField(complete, 'containers', list => mapKept(list, defaultContainer))
  complete = changeField(complete, 'initContainers', list => mapKept(list, defaultContainer))
  complete = changeField(complete, 'volumes', list => mapKept(list, defaultVolume))
  return changeField(complete, 'overhead', canonicalResources)
}

/** Requests that are not given are the limits. */
function defaultRequests(container: Container): Container {
  const { limits, requests } = container.resources ?? {}
  if (!limits) return container
  let complete = requests
  for (const name in limits) {
    if (requests?.[name] === undefined) complete = { ...complete, [name]: limits[name]! }
  }
  return complete === requests
    ? container
    : { ...container, resources: { ...container.resources, requests: complete } }
}

/** On the host's network a container's port is the host's. */
function defaultHostPorts(container: Container): Container {
  return changeField(container, 'ports', ports =>
    mapKept(ports, port => (port.hostPort ? port : { ...port, hostPort: port.containerPort })),
  )
}
