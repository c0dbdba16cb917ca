/**
 * Brings the contents of ConfigMap, Secret and projected volumes up to date while their pods run: reads what they
 * are made of again about once a minute, the kubelet's sync period. Upstream watches the objects meanwhile.
 */
import type { Timer } from '../../sim/index.ts'
import type { Services } from '../services.ts'
import { type ObjectFetcher, referencesOf } from './object-fetcher.ts'
import { isTerminating, type PodWorker } from './pod-worker.ts'

/** A little longer than what was read counts as fresh. */
const REFRESH_MS = 61_000

export class VolumeRefresher {
  readonly #services: Services
  readonly #objects: ObjectFetcher
  readonly #workers = new Set<PodWorker>()
  #timer: Timer | undefined

  constructor(services: Services, objects: ObjectFetcher) {
    this.#services = services
    this.#objects = objects
  }

  /** The pod's volumes have been mounted; does nothing for those that nothing can change. */
  add(worker: PodWorker): void {
    if (this.#workers.has(worker) || !referencesOf(worker.pod).some(({ volume }) => volume)) return
    this.#workers.add(worker)
    this.#arm()
  }

  #arm(): void {
    const { scope, labels } = this.#services
    this.#timer ??= scope.schedule(REFRESH_MS, labels.refresh, () => this.#refresh(), undefined)
  }

  #refresh(): void {
    this.#timer = undefined
    for (const worker of [...this.#workers]) {
      if (isTerminating(worker)) {
        this.#workers.delete(worker)
        continue
      }
      const references = referencesOf(worker.pod).filter(({ volume }) => volume)
      this.#objects.fetch(worker.pod.metadata.namespace ?? '', references, () => {
        for (const source of worker.volumes?.values() ?? []) {
          if (source.type === 'content') source.content.refresh()
        }
      })
    }
    if (this.#workers.size > 0) this.#arm()
  }
}
