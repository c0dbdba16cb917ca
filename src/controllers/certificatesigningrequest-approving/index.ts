/**
 * Approves kubelets' requests for client certificates, when whoever asks has the right to be approved. Mirrors
 * `pkg/controller/certificates/approver`. A component: it asks the API server about rights.
 */
import {
  type CertificateSigningRequest,
  CertificateSigningRequests,
  parsedRequest,
  type SubjectAccessReview,
  SubjectAccessReviews,
} from '../../api/index.ts'
import {
  type ApiPort,
  call,
  type Informers,
  requestFor,
  updateObject,
  WorkerPool,
  type WorkResult,
} from '../../client/index.ts'
import type { Routine, Scope } from '../../sim/index.ts'
import { hasCondition, kubeletClientProblem, SIGNERS } from '../shared/certificate-requests.ts'

export interface CertificateApproverOptions {
  readonly api: ApiPort
  readonly informers: Informers
}

/** Who is approved, in the order they are tried: by the right to create this subresource of the requests. */
const RECOGNIZED = [
  {
    subresource: 'selfnodeclient',
    isSelf: true,
    message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
  },
  {
    subresource: 'nodeclient',
    isSelf: false,
    message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
  },
] as const

export class CertificateApprover {
  readonly #options: CertificateApproverOptions
  readonly #pool: WorkerPool

  constructor(scope: Scope, options: CertificateApproverOptions) {
    this.#options = options
    const work = { workers: 5, subjectPrefix: '/registry/certificates.k8s.io/certificatesigningrequests/' }
    this.#pool = new WorkerPool(scope, 'certificatesigningrequest-approving', work, name =>
      this.#approve(name),
    )
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

  *#approve(name: string): Routine<WorkResult> {
    const request = this.#options.informers.of(CertificateSigningRequests).getByKey(name)
    if (!request || request.status.certificate) return 'done'
    if (hasCondition(request, 'Approved') || hasCondition(request, 'Denied')) return 'done'
    if (request.spec.signerName !== SIGNERS.kubeletClient) return 'done'
    const parsed = parsedRequest(request.spec)
    if (!parsed.ok || kubeletClientProblem(parsed.request, request.spec.usages ?? [])) return 'done'
    for (const { subresource, isSelf, message } of RECOGNIZED) {
      if (isSelf && request.spec.username !== parsed.request.commonName) continue
      const allowed = yield* this.#mayBeApproved(request, subresource)
      if (allowed === undefined) return 'retry'
      if (allowed) return yield* this.#write(request, message)
    }
    // As upstream: who may not be approved now may be later.
    return 'retry'
  }

  /** Undefined when the question was not answered. */
  *#mayBeApproved({ spec }: CertificateSigningRequest, subresource: string): Routine<boolean | undefined> {
    const { username: user, uid, groups, extra } = spec
    const { group, plural: resource } = CertificateSigningRequests
    const resourceAttributes = { group, resource, subresource, verb: 'create' }
    const body = { metadata: {}, spec: { user, uid, groups, extra, resourceAttributes } }
    const request = requestFor('create', SubjectAccessReviews, '', '', { body })
    const review = yield* call<SubjectAccessReview>(this.#options.api, request)
    return review.ok ? review.object.status?.allowed === true : undefined
  }

  *#write(request: CertificateSigningRequest, message: string): Routine<WorkResult> {
    const condition = { type: 'Approved', status: 'True', reason: 'AutoApproved', message }
    const conditions = [...(request.status.conditions ?? []), condition]
    const body = { ...request, status: { ...request.status, conditions } }
    const result = yield* updateObject(this.#options.api, CertificateSigningRequests, body, 'approval')
    return result.ok || result.code === 404 ? 'done' : 'retry'
  }
}
