/**
 * What running containers use of their nodes: each image's own idle usage with a little noise, the same in every
 * run, as metrics-server would have scraped it. A node or container is known once it was there at two scrapes, a new
 * container also if it was ten seconds old at one. Worked out when somebody asks: nothing is kept and no timer runs.
 * Simplified: load does not show.
 */
import type { ContainerUsage, NodeUsage } from '../api/index.ts'
import { hash32, hashName } from '../sim/index.ts'
import type { World } from './world.ts'

/** A program that nobody has measured. */
export const USUAL = { cpuMilli: 1, memoryBytes: 6_291_456 }
/** The system, the kubelet and the runtime. */
export const NODE_OVERHEAD = { cpuNanoCores: 45_000_000, memoryBytes: 512 * 1_048_576 }
/** metrics-server's resolution. */
const RESOLUTION_MS = 15_000
/** A container that is younger than the resolution, but at least this old, is known from one scrape. */
const FRESH_MS = 10_000
/** Kubelets are asked at times of their own, and answer with what they measured a little before. */
const JITTER_MS = 3000

export function usageOf(world: World): {
  readonly nodes: readonly NodeUsage[]
  readonly containers: readonly ContainerUsage[]
} {
  const nodes: NodeUsage[] = []
  const containers: ContainerUsage[] = []
  for (const machine of world.machines) {
    const { runtime, name, bootedAtMs = 0 } = machine
    if (!runtime || !machine.kubelet.isUp) continue
    const { last, before } = scrapesOf(name, world.sim.now)
    let { cpuNanoCores, memoryBytes } = NODE_OVERHEAD
    const unknown = new Set<string>()
    const found: ContainerUsage[] = []
    for (const { namespace, pod, container, usage = USUAL, id, startedMs } of runtime.usage()) {
      const windowMs = windowOf(startedMs, last, before)
      const noise = hash32(hashName(id), last) % 200_000
      const cpu = usage.cpuMilli * 1_000_000 + noise
      cpuNanoCores += cpu
      memoryBytes += usage.memoryBytes
      if (windowMs === undefined) {
        unknown.add(`${namespace}/${pod}`)
        continue
      }
      found.push({
        node: name,
        namespace,
        pod,
        container,
        cpuNanoCores: cpu,
        memoryBytes: usage.memoryBytes,
        timestampMs: last,
        windowMs,
      })
    }
    // Of a pod all containers are known, or none.
    containers.push(...found.filter(({ namespace, pod }) => !unknown.has(`${namespace}/${pod}`)))
    if (bootedAtMs <= before) {
      nodes.push({ node: name, cpuNanoCores, memoryBytes, timestampMs: last, windowMs: last - before })
    }
  }
  return { nodes, containers }
}

/** The last two times at which a node was measured. */
function scrapesOf(node: string, nowMs: number): { readonly last: number; readonly before: number } {
  const seed = hashName(node)
  const offset = hash32(seed, 0) % (RESOLUTION_MS - JITTER_MS)
  const at = (round: number) => round * RESOLUTION_MS + offset + (hash32(seed, round) % JITTER_MS)
  const round = Math.floor(nowMs / RESOLUTION_MS)
  const latest = at(round) <= nowMs ? round : round - 1
  return { last: at(latest), before: at(latest - 1) }
}

/** The time a container's measurement covers; undefined while it is not known. */
function windowOf(startedMs: number, last: number, before: number): number | undefined {
  if (startedMs < before) return last - before
  const ageMs = last - startedMs
  return ageMs >= FRESH_MS && ageMs < RESOLUTION_MS ? ageMs : undefined
}
