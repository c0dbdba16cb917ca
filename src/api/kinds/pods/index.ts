/** `kubectl get pods` */
import { defineKind } from '../../define-kind.ts'
import { bindPod } from './binding.ts'
import { podColumns } from './columns.ts'
import { addEphemeralContainers } from './ephemeral-containers.ts'
import { resizePod } from './resize.ts'
import { podStrategy } from './strategy.ts'
import type { Pod } from './types.ts'

export const Pods = defineKind<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.core.v1.Pod',
  watchIndex: 'spec.nodeName',
  selectableFields: {
    'spec.nodeName': pod => pod.spec.nodeName ?? '',
    'spec.restartPolicy': pod => pod.spec.restartPolicy ?? '',
    'spec.schedulerName': pod => pod.spec.schedulerName ?? '',
    'spec.serviceAccountName': pod => pod.spec.serviceAccountName ?? '',
    'spec.hostNetwork': pod => `${pod.spec.hostNetwork ?? false}`,
    'status.phase': pod => pod.status.phase ?? '',
    'status.podIP': pod => pod.status.podIPs?.[0]?.ip ?? pod.status.podIP ?? '',
    'status.nominatedNodeName': pod => pod.status.nominatedNodeName ?? '',
  },
  columns: podColumns,
  actions: {
    binding: bindPod,
    ephemeralcontainers: addEphemeralContainers,
    resize: resizePod,
    exec: { verb: 'create', body: { group: '', version: 'v1', kind: 'PodExecOptions' } },
    attach: { verb: 'create', body: { group: '', version: 'v1', kind: 'PodAttachOptions' } },
    portforward: { verb: 'create', body: { group: '', version: 'v1', kind: 'PodPortForwardOptions' } },
    proxy: { verb: 'create', body: { group: '', version: 'v1', kind: 'PodProxyOptions' } },
    eviction: { verb: 'create', body: { group: 'policy', version: 'v1', kind: 'Eviction' } },
  },
  strategy: podStrategy,
})
