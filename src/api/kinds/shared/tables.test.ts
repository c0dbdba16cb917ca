import { expect, test } from 'vitest'
import type { KubeObject } from '../../object.ts'
import { table } from '../../table.ts'
import { KINDS } from '../index.ts'

const NOW_MS = Date.parse('2026-01-01T01:00:00Z')
const CREATED = '2026-01-01T00:00:00Z'
const template = {
  spec: {
    containers: [
      { name: 'a', image: 'x:1' },
      { name: 'b', image: 'y:2' },
    ],
  },
}
const selector = { matchLabels: { app: 'web' } }

/** Every column's name with its cell, wide ones in brackets; without Name and Age. */
function show(plural: string, object: object): string {
  const kind = KINDS.find(candidate => candidate.plural === plural)!
  const metadata = { name: 'web', namespace: 'default', creationTimestamp: CREATED }
  const whole = { metadata, ...object } as unknown as KubeObject
  const { columns, rows } = table(kind, [whole], NOW_MS)
  return columns
    .map(({ name, priority }, i) => {
      const text = `${name}=${rows[0]!.cells[i]}`
      return priority === 1 ? `[${text}]` : text
    })
    .filter(text => text !== 'Name=web' && text !== 'Age=60m')
    .join(' ')
}

const metadata = (fields: object) => ({
  metadata: { name: 'web', namespace: 'default', creationTimestamp: CREATED, ...fields },
})
const endpointsOf = (...ips: string[]) => ips.map(ip => ({ ip }))

test.each<[plural: string, object: object, row: string]>([
  ['namespaces', { status: { phase: 'Active' } }, 'Status=Active'],
  [
    'deployments',
    { spec: { replicas: 3, selector, template }, status: { readyReplicas: 2, updatedReplicas: 1 } },
    'Ready=2/3 Up-to-date=1 Available=0 [Containers=a,b] [Images=x:1,y:2] [Selector=app=web]',
  ],
  [
    'replicasets',
    { spec: { replicas: 3, selector, template }, status: { replicas: 2, readyReplicas: 1 } },
    'Desired=3 Current=2 Ready=1 [Containers=a,b] [Images=x:1,y:2] [Selector=app=web]',
  ],
  [
    'statefulsets',
    { spec: { replicas: 3, template }, status: { replicas: 2, readyReplicas: 1 } },
    'Ready=1/3 [Containers=a,b] [Images=x:1,y:2]',
  ],
  [
    'daemonsets',
    {
      spec: { selector, template: { spec: { ...template.spec, nodeSelector: { disk: 'ssd', b: 'c' } } } },
      status: { desiredNumberScheduled: 3, currentNumberScheduled: 2, numberReady: 1 },
    },
    'Desired=3 Current=2 Ready=1 Up-to-date=0 Available=0 Node Selector=b=c,disk=ssd [Containers=a,b] [Images=x:1,y:2] [Selector=app=web]',
  ],
  [
    'jobs',
    {
      spec: { completions: 3, selector, template },
      status: { succeeded: 1, startTime: '2026-01-01T00:58:00Z' },
    },
    'Status=Running Completions=1/3 Duration=2m [Containers=a,b] [Images=x:1,y:2] [Selector=app=web]',
  ],
  [
    'jobs',
    {
      spec: { parallelism: 2, selector: {}, template },
      status: {
        startTime: '2026-01-01T00:00:00Z',
        completionTime: '2026-01-01T00:00:05Z',
        conditions: [{ type: 'Complete', status: 'True' }],
      },
    },
    'Status=Complete Completions=0/1 of 2 Duration=5s [Containers=a,b] [Images=x:1,y:2] [Selector=<none>]',
  ],
  [
    'services',
    {
      spec: {
        type: 'NodePort',
        clusterIP: '10.96.0.7',
        selector: { app: 'web' },
        ports: [
          { port: 80, nodePort: 30080, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
      },
    },
    'Type=NodePort Cluster-IP=10.96.0.7 External-IP=<none> Port(s)=80:30080/TCP,53/UDP [Selector=app=web]',
  ],
  [
    'services',
    { spec: { type: 'LoadBalancer', clusterIP: '10.96.0.7' }, status: { loadBalancer: {} } },
    'Type=LoadBalancer Cluster-IP=10.96.0.7 External-IP=<pending> Port(s)=<none> [Selector=<none>]',
  ],
  [
    'services',
    { spec: { type: 'ExternalName', externalName: 'db.example.com' } },
    'Type=ExternalName Cluster-IP=<none> External-IP=db.example.com Port(s)=<none> [Selector=<none>]',
  ],
  ['endpoints', {}, 'Endpoints=<none>'],
  [
    'endpoints',
    {
      subsets: [{ addresses: endpointsOf('10.0.0.1', '10.0.0.2'), ports: [{ port: 80 }, { port: 443 }] }],
    },
    'Endpoints=10.0.0.1:80,10.0.0.2:80,10.0.0.1:443 + 1 more...',
  ],
  ['endpoints', { subsets: [{ addresses: endpointsOf('10.0.0.1') }] }, 'Endpoints=10.0.0.1'],
  [
    'endpointslices',
    {
      addressType: 'IPv4',
      ports: [{ port: 80 }],
      endpoints: ['1', '2', '3', '4'].map(n => ({ addresses: [`10.0.0.${n}`] })),
    },
    'AddressType=IPv4 Ports=80 Endpoints=10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...',
  ],
  [
    'endpointslices',
    { addressType: 'IPv4', endpoints: [] },
    'AddressType=IPv4 Ports=<unset> Endpoints=<unset>',
  ],
  ['configmaps', { data: { a: '1' }, binaryData: { b: '' } }, 'Data=2'],
  ['secrets', { type: 'Opaque', data: { a: '' } }, 'Type=Opaque Data=1'],
  ['serviceaccounts', {}, 'Secrets=0'],
  ['leases', { spec: { holderIdentity: 'node-1' } }, 'Holder=node-1'],
  [
    'controllerrevisions',
    {
      ...metadata({
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', controller: true }],
      }),
      revision: 3,
    },
    'Controller=statefulset.apps/db Revision=3',
  ],
  [
    'persistentvolumes',
    {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteMany', 'ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace: 'default', name: 'data' },
        storageClassName: 'standard',
        volumeMode: 'Filesystem',
      },
      status: { phase: 'Bound' },
    },
    'Capacity=1Gi Access Modes=RWO,RWX Reclaim Policy=Retain Status=Bound Claim=default/data StorageClass=standard VolumeAttributesClass=<unset> Reason= [VolumeMode=Filesystem]',
  ],
  [
    'persistentvolumeclaims',
    { spec: { volumeMode: 'Filesystem' }, status: { phase: 'Pending' } },
    'Status=Pending Volume= Capacity= Access Modes= StorageClass= VolumeAttributesClass=<unset> [VolumeMode=Filesystem]',
  ],
  [
    'storageclasses',
    {
      ...metadata({ annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }),
      provisioner: 'p',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    },
    'Name=web (default) Provisioner=p ReclaimPolicy=Delete VolumeBindingMode=Immediate AllowVolumeExpansion=false',
  ],
  [
    'nodes',
    {
      ...metadata({
        labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': '' },
      }),
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: 'Ready', status: 'Unknown' }],
        addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
        nodeInfo: { kubeletVersion: 'v1.33.0', osImage: 'Linux' },
      },
    },
    'Status=NotReady,SchedulingDisabled Roles=control-plane,worker Version=v1.33.0 [Internal-IP=10.0.0.1] [External-IP=<none>] [OS-Image=Linux] [Kernel-Version=<unknown>] [Container-Runtime=<unknown>]',
  ],
  [
    'events',
    {
      type: 'Warning',
      reason: 'BackOff',
      message: ' Back-off \n',
      involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec.containers{c}' },
      source: { component: 'kubelet', host: 'node-1' },
      count: 4,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:59:30Z',
    },
    'Last Seen=30s Type=Warning Reason=BackOff Object=pod/p [Subobject=spec.containers{c}] [Source=kubelet, node-1] Message=Back-off [First Seen=60m] [Count=4] [Name=web]',
  ],
])('%s: %#', (plural, object, row) => {
  expect(show(plural, object)).toBe(row)
})
