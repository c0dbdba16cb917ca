import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cache } from './cache.ts'
import { evaluate } from './evaluation.ts'
import { newPodInfo, type PodInfo } from './node-info.ts'
import { defaultPlugins } from './plugins/index.ts'
import { Profile } from './profile.ts'
import { node, pod, requesting } from './test-objects.ts'
import { VerdictMemo } from './verdict-memo.ts'

const profile = new Profile(defaultPlugins({ request() {}, watch: () => ({ stop() {} }) }))

const wishes = [
  {},
  requesting({ cpu: '500m', memory: '1Gi' }),
  requesting({ cpu: '1' }),
  { nodeSelector: { zone: 'a' } },
  { tolerations: [{ operator: 'Exists' }] },
  { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }] }] },
]
const faces = [
  {},
  { labels: { zone: 'a' } },
  { spec: { unschedulable: true } },
  { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } },
  { spec: { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] } },
  { allocatable: { cpu: '1' } },
]

/** `schedule` a pod of some kind, or change (or remove, for the last face) a node, or end the oldest pod. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ wish: fc.nat(wishes.length - 1), tieSeed: fc.nat(0xffff_ffff) }) },
  { weight: 1, arbitrary: fc.record({ node: fc.nat(7), face: fc.nat(faces.length) }) },
  { weight: 1, arbitrary: fc.constant('end' as const) },
)

test('remembering verdicts never changes a decision', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), steps => {
      const cache = new Cache()
      const memo = new VerdictMemo(profile)
      for (let i = 0; i < 8; i++) cache.addNode(node(`node-${i}`))
      const running: PodInfo[] = []
      let startIndex = 0
      for (const [number, act] of steps.entries()) {
        if (act === 'end') {
          const oldest = running.shift()
          if (oldest) cache.removePod(oldest.pod)
        } else if ('node' in act) {
          const face = faces[act.face]
          if (face) cache.addNode(node(`node-${act.node}`, face))
          else cache.removeNode(`node-${act.node}`)
        } else {
          const info = newPodInfo(pod(`pod-${number}`, wishes[act.wish]))
          const chance = { startIndex, tieSeed: act.tieSeed }
          const outcome = evaluate(profile, cache, info, chance, { memo })
          expect(outcome).toEqual(evaluate(profile, cache, info, chance))
          startIndex += outcome.evaluatedNodes
          if (outcome.kind !== 'fits') continue
          cache.assume(info, outcome.nodeName)
          running.push(info)
        }
      }
    }),
    { seed: 7, numRuns: 200 },
  )
})
