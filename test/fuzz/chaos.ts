/**
 * Random work and random faults against a whole cluster, from one seed: what a bad afternoon looks like. After each
 * step the invariants must hold; after healing everything must converge.
 */
import type { Pod } from '../../src/api/index.ts'
import { Cluster } from '../../src/cluster/index.ts'
import { RandomStream } from '../../src/sim/index.ts'

const NODES = ['node-1', 'node-2', 'node-3', 'node-4']
const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager']
const NAMES = ['red', 'green', 'blue']
const IMAGES = ['nginx:1.26', 'nginx:1.27', 'httpd:2.4', 'no-such-image:1']

export class Chaos {
  readonly cluster: Cluster
  /** What was done, for the failure message: with the seed it is the whole story. */
  readonly log: string[] = []
  readonly #random: RandomStream
  readonly #wanted = new Map<string, { replicas: number; image: string }>()
  readonly #down = new Set<string>()

  constructor(seed: number) {
    this.cluster = Cluster.create({ nodes: NODES.length, seed })
    this.#random = new RandomStream(seed, 'chaos')
  }

  /** Does one random thing and lets a random time pass. */
  step(): void {
    const act = this.#pick([
      () => this.#deploy(),
      () => this.#scale(),
      () => this.#setImage(),
      () => this.#remove(),
      () => this.#crash(this.#pick(NODES)),
      () => this.#crash(this.#pick(COMPONENTS)),
      () => this.#recover(),
      () => this.#cut(),
      () => this.#do('heal', () => this.cluster.faults.heal()),
    ])
    act()
    this.cluster.advance(this.#random.between(1, 60_000))
  }

  /** Ends all faults and mends all images. */
  heal(): void {
    this.cluster.faults.heal()
    for (const name of [...this.#down]) this.#bringBack(name)
    this.cluster.advance('60s')
    for (const [name, wanted] of this.#wanted) {
      wanted.image = 'nginx:1.27'
      this.#kubectl(`set image deployment/${name} *=${wanted.image}`)
    }
  }

  /** True when the cluster is what was asked for. */
  hasConverged(): boolean {
    const pods = this.cluster.list('pods', { namespace: 'default' })
    const areNodesReady = this.cluster
      .list('nodes')
      .every(node =>
        node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
      )
    let total = 0
    for (const [name, { replicas, image }] of this.#wanted) {
      const mine = pods.filter(pod => pod.metadata.labels?.app === name)
      if (
        mine.length !== replicas ||
        !mine.every(pod => isReady(pod) && pod.spec.containers[0]!.image === image)
      ) {
        return false
      }
      total += mine.length
    }
    return areNodesReady && pods.length === total
  }

  /** What must hold at any moment; the broken ones in words. */
  violations(): string[] {
    const broken: string[] = []
    const pods = this.cluster.list('pods')
    const ips = new Map<string, string>()
    for (const pod of pods) {
      const { name } = pod.metadata
      const { podIP, phase } = pod.status
      const isOver = phase === 'Succeeded' || phase === 'Failed' || pod.metadata.deletionTimestamp
      if (podIP && !isOver && !this.#down.has(pod.spec.nodeName ?? '')) {
        const other = ips.get(podIP)
        if (other) broken.push(`${name} and ${other} share ${podIP}`)
        ips.set(podIP, name)
      }
      if (phase === 'Running' && !pod.spec.nodeName) broken.push(`${name} runs nowhere`)
      if (
        pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') &&
        !podIP
      ) {
        broken.push(`${name} is Ready without an address`)
      }
    }
    return broken
  }

  #deploy(): void {
    const name = this.#pick(NAMES)
    if (this.#wanted.has(name)) return
    const wanted = { replicas: this.#random.between(1, 6), image: this.#pick(IMAGES) }
    const result = this.#kubectl(
      `create deployment ${name} --image=${wanted.image} --replicas=${wanted.replicas}`,
    )
    if (result) this.#wanted.set(name, wanted)
  }

  #scale(): void {
    const [name, wanted] = this.#existing()
    if (!wanted) return
    const replicas = this.#random.between(0, 8)
    if (this.#kubectl(`scale deployment ${name} --replicas=${replicas}`)) wanted.replicas = replicas
  }

  #setImage(): void {
    const [name, wanted] = this.#existing()
    if (!wanted) return
    const image = this.#pick(IMAGES)
    if (this.#kubectl(`set image deployment/${name} *=${image}`)) wanted.image = image
  }

  #remove(): void {
    const [name] = this.#existing()
    if (name && this.#kubectl(`delete deployment ${name} --wait=false`)) this.#wanted.delete(name)
  }

  #crash(name: string): void {
    if (this.#down.has(name)) return
    this.#down.add(name)
    this.#do(`crash ${name}`, () => this.cluster.faults.crash(name))
  }

  #recover(): void {
    const [name] = this.#down
    if (name) this.#bringBack(name)
  }

  #bringBack(name: string): void {
    this.#down.delete(name)
    this.#do(`recover ${name}`, () => this.cluster.faults.recover(name))
  }

  #cut(): void {
    const name = this.#pick([...NODES, 'kube-scheduler', 'kube-controller-manager'])
    this.#do(`cut ${name}`, () => this.cluster.faults.cut(name, 'kube-apiserver'))
  }

  /** Runs a command; false when the server could not be reached, and then nothing is known to have changed. */
  #kubectl(line: string): boolean {
    if (this.#down.has('etcd') || this.#down.has('kube-apiserver')) return false
    const { exitCode, stderr } = this.cluster.kubectl(line)
    this.log.push(`${line}${exitCode === 0 ? '' : ` (refused: ${stderr.trim()})`}`)
    return exitCode === 0
  }

  #do(what: string, act: () => void): void {
    this.log.push(what)
    act()
  }

  #existing(): [string, { replicas: number; image: string }] | [] {
    return this.#wanted.size === 0 ? [] : this.#pick([...this.#wanted])
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#random.below(items.length)]!
  }
}

function isReady(pod: Pod): boolean {
  return pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
}
