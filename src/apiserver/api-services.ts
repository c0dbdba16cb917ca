/**
 * The APIService objects of a served cluster: one for each version of a group that this server answers itself, and
 * metrics-server's. Mirrors kube-aggregator's autoregistration with the priorities of its apiVersionPriorities.
 */
import { APIServices, groupsOf, type Scheme } from '../api/index.ts'
import type { PolicyObject } from './authorization/bootstrap/policy.ts'

/** Of the group among groups. Versions have 15, the core group's 1, autoscaling/v2 30, flow control's 21. */
const PRIORITIES: Readonly<Record<string, number>> = {
  '': 18_000,
  apps: 17_800,
  'events.k8s.io': 17_750,
  'authentication.k8s.io': 17_700,
  'authorization.k8s.io': 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  'certificates.k8s.io': 17_300,
  'networking.k8s.io': 17_200,
  policy: 17_100,
  'rbac.authorization.k8s.io': 17_000,
  'storage.k8s.io': 16_800,
  'admissionregistration.k8s.io': 16_700,
  'apiextensions.k8s.io': 16_700,
  'scheduling.k8s.io': 16_600,
  'coordination.k8s.io': 16_500,
  'node.k8s.io': 16_300,
  'discovery.k8s.io': 16_200,
  'flowcontrol.apiserver.k8s.io': 16_100,
}
const VERSION_PRIORITIES: Readonly<Record<string, number>> = {
  v1: 1,
  'autoscaling/v2': 30,
  'flowcontrol.apiserver.k8s.io/v1': 21,
}
const AUTOMATED = { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' }

export function apiServices(scheme: Scheme, timestamp: string): PolicyObject[] {
  const local = groupsOf(scheme).flatMap(({ group, versions }) => {
    const groupPriorityMinimum = PRIORITIES[group]
    if (groupPriorityMinimum === undefined) return []
    return versions.map(version => {
      const versionPriority = VERSION_PRIORITIES[group ? `${group}/${version}` : version] ?? 15
      const spec = { ...(group && { group }), version, groupPriorityMinimum, versionPriority }
      return apiService(
        spec,
        AUTOMATED,
        available(timestamp, 'Local', 'Local APIServices are always available'),
      )
    })
  })
  const metrics = {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    service: { namespace: 'kube-system', name: 'metrics-server', port: 443 },
    insecureSkipTLSVerify: true,
    groupPriorityMinimum: 100,
    versionPriority: 100,
  }
  const passed = available(timestamp, 'Passed', 'all checks passed')
  return [...local, apiService(metrics, { 'k8s-app': 'metrics-server' }, passed)]
}

function apiService(
  spec: { readonly group?: string | undefined; readonly version: string },
  labels: Readonly<Record<string, string>>,
  condition: object,
): PolicyObject {
  const name = `${spec.version}.${spec.group ?? ''}`
  const fields = { spec, status: { conditions: [condition] } }
  return { kind: APIServices, namespace: '', name, labels, fields }
}

function available(lastTransitionTime: string, reason: string, message: string): object {
  return { type: 'Available', status: 'True', lastTransitionTime, reason, message }
}
