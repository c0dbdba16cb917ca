/**
 * Fills Secrets of type `kubernetes.io/service-account-token` with a token, the cluster's certificate and their
 * namespace, and deletes them with their account. Mirrors `pkg/controller/serviceaccount`'s TokensController. A
 * component: it asks the API server before it believes that an account is not there.
 */
import {
  decodeBase64,
  encodeBase64,
  type Secret,
  Secrets,
  type ServiceAccount,
  ServiceAccounts,
} from '../../api/index.ts'
import {
  type ApiPort,
  type CacheIndex,
  deleteObject,
  getObject,
  type Informers,
  updateObject,
  WorkerPool,
  type WorkResult,
} from '../../client/index.ts'
import type { Routine, Scope } from '../../sim/index.ts'

/** Who signs tokens, as `--service-account-private-key-file` makes kube-controller-manager: the port. */
export interface SecretTokens {
  /** A token without an end, good as long as the Secret and its account are. */
  issue(account: ServiceAccount, secret: Secret): string
}

export interface ServiceAccountTokenOptions {
  readonly api: ApiPort
  readonly informers: Informers
  readonly tokens: SecretTokens
  /** `--root-ca-file`: PEM. */
  readonly rootCertificate: string
}

const TYPE = 'kubernetes.io/service-account-token'
const NAME = 'kubernetes.io/service-account.name'
const UID = 'kubernetes.io/service-account.uid'

/** By `namespace/account`. */
const BY_ACCOUNT: CacheIndex<Secret> = {
  kind: Secrets,
  name: 'tokens-by-account',
  values: secret => (isToken(secret) ? [`${secret.metadata.namespace}/${accountOf(secret).name}`] : []),
  isSame: (next, old) => next.metadata.annotations === old.metadata.annotations,
}

export class ServiceAccountTokens {
  readonly #options: ServiceAccountTokenOptions
  readonly #pool: WorkerPool
  /** By `namespace/account/secret`: names of Secrets that are gone, for accounts to forget. */
  readonly #references: WorkerPool

  constructor(scope: Scope, options: ServiceAccountTokenOptions) {
    this.#options = options
    const work = { workers: 5, subjectPrefix: '/registry/secrets/' }
    this.#pool = new WorkerPool(scope, 'serviceaccount-token', work, key => this.#sync(key))
    this.#references = new WorkerPool(scope, 'serviceaccount-token/references', { workers: 1 }, key =>
      this.#forget(key),
    )
    options.informers.of(ServiceAccounts)
    options.informers.of(Secrets).addIndex(BY_ACCOUNT)
  }

  start(): void {
    const { informers } = this.#options
    informers.start()
    informers.whenSynced(() => {
      const secrets = informers.of(Secrets)
      const seen = (secret: Secret, key: string) => {
        if (isToken(secret)) this.#pool.queue.add(key)
      }
      secrets.addHandler({
        added: seen,
        updated: (secret, _, key) => seen(secret, key),
        deleted: (secret, key) => {
          if (!isToken(secret)) return
          const [namespace, name] = key.split('/')
          this.#references.queue.add(`${namespace}/${accountOf(secret).name}/${name}`)
        },
      })
      informers.of(ServiceAccounts).addHandler({
        deleted: (_, account) => {
          for (const { metadata } of secrets.list(BY_ACCOUNT, account)) {
            this.#pool.queue.add(`${metadata.namespace}/${metadata.name}`)
          }
        },
      })
      this.#pool.start()
      this.#references.start()
    })
  }

  *#sync(key: string): Routine<WorkResult> {
    const { api, informers } = this.#options
    const secret = informers.of(Secrets).getByKey(key)
    if (!secret || !isToken(secret) || accountOf(secret).name === '') return 'done'
    const account = yield* this.#accountOf(secret)
    if (account === 'unknown') return 'retry'
    if (account) return yield* this.#fill(secret, account)
    const result = yield* deleteObject(api, Secrets, secret)
    return result.ok || result.code === 404 || result.code === 409 ? 'done' : 'retry'
  }

  /** Undefined when the API server itself has no such account. */
  *#accountOf(secret: Secret): Routine<ServiceAccount | 'unknown' | undefined> {
    const { api, informers } = this.#options
    const { namespace = '' } = secret.metadata
    const { name, uid } = accountOf(secret)
    const isMeant = (account: ServiceAccount) => uid === '' || account.metadata.uid === uid
    const cached = informers.of(ServiceAccounts).get(namespace, name)
    if (cached && isMeant(cached)) return cached
    const live = yield* getObject(api, ServiceAccounts, namespace, name)
    if (live.ok) return isMeant(live.object) ? live.object : undefined
    return live.code === 404 ? undefined : 'unknown'
  }

  *#fill(secret: Secret, account: ServiceAccount): Routine<WorkResult> {
    const { api, tokens, rootCertificate } = this.#options
    const { data = {}, metadata } = secret
    const needsToken = !data.token
    const needsCertificate = rootCertificate !== '' && decodeBase64(data['ca.crt'] ?? '') !== rootCertificate
    if (!needsToken && !needsCertificate && data.namespace) return 'done'
    const annotations = {
      ...metadata.annotations,
      [NAME]: account.metadata.name,
      [UID]: account.metadata.uid,
    }
    const filled: Secret = {
      ...secret,
      metadata: { ...metadata, annotations },
      data: {
        ...data,
        ...(needsCertificate && { 'ca.crt': encodeBase64(rootCertificate) }),
        ...(!data.namespace && { namespace: encodeBase64(metadata.namespace ?? '') }),
        ...(needsToken && { token: encodeBase64(tokens.issue(account, secret)) }),
      },
    }
    const result = yield* updateObject(api, Secrets, filled)
    // Whoever changed it meanwhile brings it here again.
    return result.ok || result.code === 404 || result.code === 409 ? 'done' : 'retry'
  }

  /** The account no longer names a Secret that is gone. */
  *#forget(key: string): Routine<WorkResult> {
    const { api, informers } = this.#options
    const [namespace = '', name = '', secret = ''] = key.split('/')
    const account = informers.of(ServiceAccounts).get(namespace, name)
    if (!account?.secrets?.some(one => one.name === secret)) return 'done'
    const secrets = account.secrets.filter(one => one.name !== secret)
    const result = yield* updateObject(api, ServiceAccounts, { ...account, secrets })
    return result.ok || result.code === 404 ? 'done' : 'retry'
  }
}

function isToken({ type }: Secret): boolean {
  return type === TYPE
}

function accountOf({ metadata }: Secret): { readonly name: string; readonly uid: string } {
  return { name: metadata.annotations?.[NAME] ?? '', uid: metadata.annotations?.[UID] ?? '' }
}
