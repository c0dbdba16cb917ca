/**
 * Issues certificates for approved requests to Kubernetes' own signers. Mirrors `pkg/controller/certificates/signer`;
 * one controller stands for upstream's four, as all sign with the cluster's authority. A component: whoever holds the
 * authority's key is waited for.
 */
import {
  type CertificateRequest,
  type CertificateSigningRequest,
  CertificateSigningRequests,
  decodeBase64,
  encodeBase64,
  parsedRequest,
} from '../../api/index.ts'
import {
  type ApiPort,
  type Informers,
  updateObject,
  WorkerPool,
  type WorkResult,
} from '../../client/index.ts'
import { callback, type Routine, type Scope, withTimeout } from '../../sim/index.ts'
import {
  clientUsagesProblem,
  hasCondition,
  kubeletClientProblem,
  kubeletServingProblem,
  SIGNERS,
} from '../shared/certificate-requests.ts'
import type { CertificateSigner, SigningAnswer } from './signer.ts'

export interface CertificateSigningOptions {
  readonly api: ApiPort
  readonly informers: Informers
  readonly signer: CertificateSigner
}

/** `--cluster-signing-duration` */
const LONGEST_SECONDS = 365 * 24 * 3600
const SHORTEST_SECONDS = 600
/** An order that nobody has filled by then is given anew. */
const PATIENCE_MS = 60_000

/** By signer: why a request is not one that it signs. */
const RULES: Readonly<
  Record<string, (request: CertificateRequest, usages: readonly string[]) => string | undefined>
> = {
  [SIGNERS.apiServerClient]: (_, usages) => clientUsagesProblem(usages),
  [SIGNERS.kubeletClient]: kubeletClientProblem,
  [SIGNERS.kubeletServing]: kubeletServingProblem,
  [SIGNERS.legacyUnknown]: () => undefined,
}

export class CertificateSigning {
  readonly #options: CertificateSigningOptions
  readonly #pool: WorkerPool

  constructor(scope: Scope, options: CertificateSigningOptions) {
    this.#options = options
    const work = { workers: 5, subjectPrefix: '/registry/certificates.k8s.io/certificatesigningrequests/' }
    this.#pool = new WorkerPool(scope, 'certificatesigningrequest-signing', work, name => this.#sign(name))
    options.informers.of(CertificateSigningRequests)
  }

  start(): void {
    const { informers } = this.#options
    informers.start()
    informers.whenSynced(() => {
      informers.of(CertificateSigningRequests).addHandler({
        added: (_, key) => this.#pool.queue.add(key),
        updated: (_next, _old, key) => this.#pool.queue.add(key),
      })
      this.#pool.start()
    })
  }

  *#sign(name: string): Routine<WorkResult> {
    const { informers, signer } = this.#options
    const request = informers.of(CertificateSigningRequests).getByKey(name)
    if (!request || request.status.certificate) return 'done'
    if (!hasCondition(request, 'Approved') || hasCondition(request, 'Failed')) return 'done'
    const { signerName, usages = [], expirationSeconds } = request.spec
    const rule = Object.hasOwn(RULES, signerName) ? RULES[signerName] : undefined
    const parsed = parsedRequest(request.spec)
    if (!rule || !parsed.ok) return 'done'
    const problem = rule(parsed.request, usages)
    if (problem) return yield* this.#write(request, failed(request, problem))
    const seconds = Math.max(
      Math.min(expirationSeconds ?? LONGEST_SECONDS, LONGEST_SECONDS),
      SHORTEST_SECONDS,
    )
    const order = { request: decodeBase64(request.spec.request), usages, seconds }
    const answer = yield* withTimeout(
      PATIENCE_MS,
      callback<SigningAnswer>(done => signer.sign(order, done)),
    )
    if (answer.timedOut || !answer.value.ok) return 'retry'
    const certificate = encodeBase64(answer.value.certificate)
    return yield* this.#write(request, { ...request.status, certificate })
  }

  *#write(
    request: CertificateSigningRequest,
    status: CertificateSigningRequest['status'],
  ): Routine<WorkResult> {
    const body = { ...request, status }
    const result = yield* updateObject(this.#options.api, CertificateSigningRequests, body, 'status')
    return result.ok || result.code === 404 ? 'done' : 'retry'
  }
}

function failed({ status }: CertificateSigningRequest, message: string): CertificateSigningRequest['status'] {
  const condition = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message }
  return { ...status, conditions: [...(status.conditions ?? []), condition] }
}

export type { CertificateSigner, SigningAnswer, SigningOrder } from './signer.ts'
