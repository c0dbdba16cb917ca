import { expect, test } from 'vitest'
import type { Pod } from '../../api/index.ts'
import { EPOCH_MS, formatTime } from '../../sim/index.ts'
import { byDeletionOrder } from './pod-ranking.ts'

const NOW_MS = EPOCH_MS + 3_600_000
interface Traits {
  node?: string
  phase?: string
  readyForS?: number
  ageS?: number
  restarts?: number
  cost?: string
}

function pod(name: string, traits: Traits): Pod {
  const { node = 'n', phase = 'Running', readyForS, ageS = 1000, restarts = 0, cost } = traits
  const readiness =
    readyForS === undefined
      ? { type: 'Ready', status: 'False' }
      : { type: 'Ready', status: 'True', lastTransitionTime: formatTime(NOW_MS - readyForS * 1000) }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      uid: name,
      resourceVersion: '1',
      creationTimestamp: formatTime(NOW_MS - ageS * 1000),
      annotations: cost === undefined ? undefined : { 'controller.kubernetes.io/pod-deletion-cost': cost },
    },
    spec: { containers: [], nodeName: node || undefined },
    status: {
      phase,
      conditions: [readiness],
      containerStatuses: [{ name: 'c', image: '', imageID: '', ready: true, restartCount: restarts }],
    },
  }
}

const HEALTHY: Traits = { readyForS: 900 }

test.each<[string, Traits, Traits]>([
  ['unscheduled before scheduled', { node: '' }, { phase: 'Pending' }],
  ['pending before running', { phase: 'Pending' }, {}],
  ['not ready before ready', {}, HEALTHY],
  ['lower deletion cost first', { ...HEALTHY, cost: '-1' }, HEALTHY],
  ['an unusable cost counts as 0', { ...HEALTHY, cost: '-1' }, { ...HEALTHY, cost: '+7' }],
  ['doubled up on a node first', { ...HEALTHY, node: 'crowded' }, { ...HEALTHY, readyForS: 1 }],
  ['ready for a shorter time first', { readyForS: 10 }, { readyForS: 900 }],
  ['more restarts first', { ...HEALTHY, restarts: 3 }, HEALTHY],
  ['younger first', { ...HEALTHY, ageS: 901 }, { ...HEALTHY, ageS: 3600 }],
])('%s', (_rule, first, last) => {
  const nodes = new Map([['crowded', 5]])
  const [a, z] = [pod('z', first), pod('a', last)]
  expect(byDeletionOrder([z, a], NOW_MS, nodes)).toEqual([a, z])
  expect(byDeletionOrder([a, z], NOW_MS, nodes)).toEqual([a, z])
})

test('ages of one power of two are alike: the uid decides', () => {
  const [older, younger] = [pod('a', { readyForS: 900 }), pod('b', { readyForS: 800 })]
  expect(byDeletionOrder([younger, older], NOW_MS)).toEqual([older, younger])
})
