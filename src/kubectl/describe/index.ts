/** Who describes what. A new one is a file named like the kind here and a line in the list. */
import type { AnyKind } from '../../api/index.ts'
import { describeConfigMap } from './configmaps.ts'
import { describeDaemonSet } from './daemonsets.ts'
import { describeDeployment } from './deployments.ts'
import type { Describer } from './describer.ts'
import { describeEndpoints } from './endpoints.ts'
import { describeEndpointSlice } from './endpointslices.ts'
import { describeAnything } from './generic.ts'
import { describeJob } from './jobs.ts'
import { describeNamespace } from './namespaces.ts'
import { describeNode } from './nodes.ts'
import { describePersistentVolumeClaim } from './persistentvolumeclaims.ts'
import { describePersistentVolume } from './persistentvolumes.ts'
import { describePod } from './pods.ts'
import { describeReplicaSet } from './replicasets.ts'
import { describeSecret } from './secrets.ts'
import { describeServiceAccount } from './serviceaccounts.ts'
import { describeService } from './services.ts'
import { describeStatefulSet } from './statefulsets.ts'
import { describeStorageClass } from './storageclasses.ts'

/** By group and plural. */
const DESCRIBERS: ReadonlyMap<string, Describer> = new Map([
  ['/configmaps', describeConfigMap],
  ['/endpoints', describeEndpoints],
  ['/namespaces', describeNamespace],
  ['/nodes', describeNode],
  ['/persistentvolumeclaims', describePersistentVolumeClaim],
  ['/persistentvolumes', describePersistentVolume],
  ['/pods', describePod],
  ['/secrets', describeSecret],
  ['/serviceaccounts', describeServiceAccount],
  ['/services', describeService],
  ['apps/daemonsets', describeDaemonSet],
  ['apps/deployments', describeDeployment],
  ['apps/replicasets', describeReplicaSet],
  ['apps/statefulsets', describeStatefulSet],
  ['batch/jobs', describeJob],
  ['discovery.k8s.io/endpointslices', describeEndpointSlice],
  ['storage.k8s.io/storageclasses', describeStorageClass],
])

/** The describer of a kind; the generic one for kinds without their own. */
export function describerOf(kind: AnyKind): Describer {
  return DESCRIBERS.get(`${kind.group}/${kind.plural}`) ?? describeAnything
}
