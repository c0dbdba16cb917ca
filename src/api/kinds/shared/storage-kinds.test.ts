import { describe, expect, test } from 'vitest'
import type { AnyKind } from '../../define-kind.ts'
import { CSIDrivers } from '../csidrivers/index.ts'
import { CSINodes } from '../csinodes/index.ts'
import { CSIStorageCapacities } from '../csistoragecapacities/index.ts'
import { VolumeAttachments } from '../volumeattachments/index.ts'
import { changeComplaints, complaints, row, stored } from './kinds.testing.ts'

const ATTACHMENT = { attacher: 'csi.example.com', source: { persistentVolumeName: 'pv' }, nodeName: 'n1' }
const DRIVER = { name: 'csi.example.com', nodeID: 'n1' }

test('a driver is complete', () => {
  expect(stored(CSIDrivers, { spec: {} })).toMatchObject({
    spec: {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      requiresRepublish: false,
      seLinuxMount: false,
      volumeLifecycleModes: ['Persistent'],
    },
  })
})

test('an attachment begins detached, and is not counted', () => {
  const attachment = { metadata: { generation: 1 }, spec: ATTACHMENT, status: { attached: true } }
  const { metadata, status } = stored(VolumeAttachments, attachment) as never as Record<string, object>
  expect([metadata, status]).toEqual([expect.not.objectContaining({ generation: 1 }), { attached: false }])
})

test.each<[kind: AnyKind, object: object, row: string]>([
  [
    CSIDrivers,
    { spec: { tokenRequests: [{ audience: 'a' }, { audience: 'b' }] } },
    'AttachRequired=true PodInfoOnMount=false StorageCapacity=false TokenRequests=a,b RequiresRepublish=false Modes=Persistent',
  ],
  [
    CSIDrivers,
    { spec: { attachRequired: false } },
    'AttachRequired=false PodInfoOnMount=false StorageCapacity=false TokenRequests=<unset> RequiresRepublish=false Modes=Persistent',
  ],
  [CSINodes, { spec: { drivers: [DRIVER] } }, 'Drivers=1'],
  [
    CSIStorageCapacities,
    { storageClassName: 'fast', capacity: '1024Mi' },
    'StorageClassName=fast Capacity=1Gi',
  ],
  [
    VolumeAttachments,
    { spec: ATTACHMENT, status: { attached: true } },
    'Attacher=csi.example.com PV=pv Node=n1 Attached=true',
  ],
])('the row, %#', (kind, object, expected) => {
  expect(row(kind, object)).toBe(expected)
})

describe('refused', () => {
  test.each<[kind: AnyKind, object: object, complaints: string[]]>([
    [CSIDrivers, { spec: {} }, []],
    [
      CSIDrivers,
      { spec: { fsGroupPolicy: 'Some', volumeLifecycleModes: ['Eternal'] } },
      [
        'spec.fsGroupPolicy: Unsupported value: "Some": supported values: "File", "None", "ReadWriteOnceWithFSType"',
        'spec.volumeLifecycleModes[0]: Unsupported value: "Eternal": supported values: "Ephemeral", "Persistent"',
      ],
    ],
    [
      CSIDrivers,
      { spec: { tokenRequests: [{ audience: 'a', expirationSeconds: 1 }, { audience: 'a' }] } },
      [
        'spec.tokenRequests[0].expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes',
        'spec.tokenRequests[1].audience: Duplicate value: "a"',
      ],
    ],
    [
      CSINodes,
      { spec: { drivers: [DRIVER, { ...DRIVER, nodeID: '' }] } },
      ['spec.drivers[1].name: Duplicate value: "csi.example.com"', 'spec.drivers[1].nodeID: Required value'],
    ],
    [
      CSIStorageCapacities,
      { storageClassName: 'fast', capacity: '-1' },
      ['capacity: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [VolumeAttachments, { spec: ATTACHMENT }, []],
    [
      VolumeAttachments,
      { spec: { ...ATTACHMENT, source: {} } },
      ['spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName'],
    ],
  ])('%#', (kind, object, expected) => {
    expect(complaints(kind, object)).toEqual(expected)
  })

  test.each<[kind: AnyKind, before: object, after: object, complaints: string[]]>([
    [
      CSIDrivers,
      { spec: {} },
      { spec: { attachRequired: false } },
      ['spec.attachedRequired: Invalid value: false: field is immutable'],
    ],
    [CSIDrivers, { spec: {} }, { spec: { podInfoOnMount: true } }, []],
    [
      CSIStorageCapacities,
      { storageClassName: 'fast' },
      { storageClassName: 'slow' },
      ['storageClassName: Invalid value: "slow": field is immutable'],
    ],
    [
      VolumeAttachments,
      { spec: ATTACHMENT },
      { spec: { ...ATTACHMENT, nodeName: 'n2' } },
      [
        'spec: Invalid value: {"attacher":"csi.example.com","source":{"persistentVolumeName":"pv"},"nodeName":"n2"}: field is immutable',
      ],
    ],
  ])('a change of %#', (kind, before, after, expected) => {
    expect(changeComplaints(kind, before, after)).toEqual(expected)
  })
})
