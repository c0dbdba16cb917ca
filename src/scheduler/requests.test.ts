import { expect, test } from 'vitest'
import type { Pod } from '../api/index.ts'
import { requestsOfPod } from './requests.ts'

function pod(asked: object, has: object | undefined, reason?: string): Pod {
  const status = { name: 'c', ready: true, restartCount: 0, image: '', imageID: '' }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
    spec: { containers: [{ name: 'c', resources: { requests: asked } }] },
    status: {
      conditions: reason ? [{ type: 'PodResizePending', status: 'True', reason }] : [],
      containerStatuses: has ? [{ ...status, resources: { requests: has } }] : [status],
    },
  } as Pod
}

test.each([
  ['a pod that does not run yet', pod({ cpu: '1' }, undefined), 1000],
  ['one that has what it asks for', pod({ cpu: '1' }, { cpu: '1' }), 1000],
  ['one that is to get more', pod({ cpu: '2' }, { cpu: '1' }, 'Deferred'), 2000],
  ['one that has more than it will', pod({ cpu: '500m' }, { cpu: '1' }), 1000],
  ['one that will never get more', pod({ cpu: '100' }, { cpu: '1' }, 'Infeasible'), 1000],
])('%s counts for what it may use', (_, given, milliCpu) => {
  expect(requestsOfPod(given).milliCpu).toBe(milliCpu)
})
