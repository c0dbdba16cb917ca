/** Sees to a container's image before it is made: mirrors `pkg/kubelet/images` with serial pulls. */
import { KUBELET } from '../../api/index.ts'
import type { ImageRecord } from '../cri.ts'
import { referenceFault } from '../image-name.ts'
import { podEvent, type Services } from '../services.ts'
import { backOffLeft, nextBackOff } from './back-off.ts'
import type { PodWorker, Slot } from './pod-worker.ts'

export type ImageResult =
  | { readonly ok: true }
  /** Waiting reason and message; `retryMs` when to try again. */
  | { readonly ok: false; readonly reason: string; readonly message: string; readonly retryMs: number }

interface Pull {
  readonly image: string
  readonly askedMs: number
  readonly done: (pulled: Pulled) => void
}

type Pulled =
  | { readonly ok: true; readonly record: ImageRecord; readonly pullMs: number; readonly waitedMs: number }
  | { readonly ok: false; readonly message: string }

export class ImageManager {
  readonly #services: Services
  /** Told when the node has an image more. */
  readonly #changed: () => void
  readonly #queue: Pull[] = []
  #isPulling = false

  constructor(services: Services, changed: () => void) {
    this.#services = services
    this.#changed = changed
  }

  /** `done` is called at once when no pull is needed. */
  ensure(worker: PodWorker, slot: Slot, done: (result: ImageResult) => void): void {
    const { spec } = slot
    const image = spec.image ?? ''
    const fault = referenceFault(image)
    if (fault !== undefined) {
      const message = `Failed to apply default image tag ${JSON.stringify(image)}: couldn't parse image name ${JSON.stringify(image)}: ${fault}`
      this.#event(worker, slot, 'Warning', 'InspectFailed', message)
      done({ ok: false, reason: 'InvalidImageName', message, retryMs: this.#retryMs() })
      return
    }
    const policy = spec.imagePullPolicy ?? (/(:latest|^[^:@]+)$/.test(image) ? 'Always' : 'IfNotPresent')
    const isPresent = this.#services.cri.image(image) !== undefined
    if (isPresent && policy !== 'Always') {
      this.#event(worker, slot, 'Normal', 'Pulled', `Container image "${image}" already present on machine`)
      done({ ok: true })
      return
    }
    if (policy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`
      this.#event(worker, slot, 'Warning', 'ErrImageNeverPull', message)
      done({ ok: false, reason: 'ErrImageNeverPull', message, retryMs: this.#retryMs() })
      return
    }
    const { now } = this.#services.scope.sim
    const leftMs = backOffLeft(
      slot.imageBackOff,
      slot.imageBackOff?.updatedMs ?? 0,
      now,
      KUBELET.imageBackOffMaxMs,
    )
    if (leftMs > 0) {
      const message = `Back-off pulling image "${image}"`
      this.#event(worker, slot, 'Normal', 'BackOff', message)
      const why = slot.waitingMessage.replace(/^Back-off pulling image .*?: ErrImagePull: /s, '')
      const full = `${message}: ErrImagePull: ${why}`
      done({ ok: false, reason: 'ImagePullBackOff', message: full, retryMs: leftMs })
      return
    }
    this.#event(worker, slot, 'Normal', 'Pulling', `Pulling image "${image}"`)
    this.#enqueue({ image, askedMs: now, done: pulled => done(this.#finish(worker, slot, pulled)) })
  }

  #finish(worker: PodWorker, slot: Slot, pulled: Pulled): ImageResult {
    const image = slot.spec.image ?? ''
    if (pulled.ok) {
      const { pullMs, waitedMs, record } = pulled
      const message = `Successfully pulled image "${image}" in ${goDuration(pullMs)} (${goDuration(waitedMs)} including waiting). Image size: ${record.sizeBytes} bytes.`
      this.#event(worker, slot, 'Normal', 'Pulled', message)
      slot.imageBackOff = undefined
      return { ok: true }
    }
    this.#event(worker, slot, 'Warning', 'Failed', `Failed to pull image "${image}": ${pulled.message}`)
    const { now } = this.#services.scope.sim
    const { imageBackOffMs, imageBackOffMaxMs } = KUBELET
    slot.imageBackOff = nextBackOff(slot.imageBackOff, now, now, imageBackOffMs, imageBackOffMaxMs)
    return { ok: false, reason: 'ErrImagePull', message: pulled.message, retryMs: this.#retryMs() }
  }

  #retryMs(): number {
    return Math.round(KUBELET.syncRetryMs * (1 + KUBELET.syncRetryJitter * this.#services.random.float()))
  }

  #enqueue(pull: Pull): void {
    this.#queue.push(pull)
    if (!this.#isPulling) this.#next()
  }

  #next(): void {
    const pull = this.#queue.shift()
    this.#isPulling = pull !== undefined
    if (!pull) return
    const { cri, scope } = this.#services
    const startedMs = scope.sim.now
    cri.pullImage(pull.image, result => {
      if (!scope.isAlive) return
      const { now } = scope.sim
      const waitedMs = now - pull.askedMs
      this.#next()
      if (result.ok) {
        this.#changed()
        pull.done({ ok: true, record: result.value, pullMs: now - startedMs, waitedMs })
      } else pull.done(result)
    })
  }

  #event(worker: PodWorker, slot: Slot, type: 'Normal' | 'Warning', reason: string, message: string): void {
    podEvent(this.#services, worker.pod, type, reason, message, slot.fieldPath)
  }
}

/** `412ms`, `1.204s`, `1m3.5s`: whole milliseconds as Go prints a duration. */
export function goDuration(ms: number): string {
  if (ms < 1000) return ms === 0 ? '0s' : `${ms}ms`
  const minutes = Math.floor(ms / 60_000)
  const seconds = (ms % 60_000) / 1000
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}
