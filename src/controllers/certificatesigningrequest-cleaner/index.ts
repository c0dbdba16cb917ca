/**
 * Deletes certificate signing requests that nobody needs any more: an hour after they were issued or denied, a day after
 * they were made when nobody decided. Mirrors `pkg/controller/certificates/cleaner`; that an issued certificate has
 * expired is not looked at, as its request is long gone by then.
 */
import { type CertificateSigningRequest, CertificateSigningRequests } from '../../api/index.ts'
import { type ApiPort, deleteObject, type Informers } from '../../client/index.ts'
import { type Label, type Routine, type Scope, sleep } from '../../sim/index.ts'

export interface CertificateCleanerOptions {
  readonly api: ApiPort
  readonly informers: Informers
}

const HOUR_MS = 3_600_000
const PENDING_MS = 24 * HOUR_MS

export class CertificateCleaner {
  readonly #scope: Scope
  readonly #options: CertificateCleanerOptions
  readonly #label: Label

  constructor(scope: Scope, options: CertificateCleanerOptions) {
    this.#scope = scope
    this.#options = options
    this.#label = scope.sim.label('certificatesigningrequest-cleaner/poll')
    options.informers.of(CertificateSigningRequests)
  }

  start(): void {
    const { informers } = this.#options
    informers.start()
    informers.whenSynced(() => this.#scope.spawn(this.#label, this.#poll()))
  }

  *#poll(): Routine<void> {
    const { api, informers } = this.#options
    for (;;) {
      for (const request of informers.of(CertificateSigningRequests).all()) {
        if (isOutlived(request, this.#scope.sim.now)) {
          yield* deleteObject(api, CertificateSigningRequests, request, {})
        }
      }
      yield* sleep(HOUR_MS)
    }
  }
}

/** Whether a request has served its purpose by then. */
export function isOutlived({ metadata, status }: CertificateSigningRequest, nowMs: number): boolean {
  const isOlder = (time: string | undefined, ageMs: number) =>
    time !== undefined && nowMs - Date.parse(time) > ageMs
  const { conditions = [], certificate } = status
  if (conditions.length === 0) return isOlder(metadata.creationTimestamp, PENDING_MS)
  return conditions.some(
    ({ type, lastUpdateTime }) =>
      (type === 'Denied' || (type === 'Approved' && certificate !== undefined)) &&
      isOlder(lastUpdateTime, HOUR_MS),
  )
}
