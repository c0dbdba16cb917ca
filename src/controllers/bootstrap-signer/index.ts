/**
 * Signs the ConfigMap `cluster-info`, by which whoever joins knows the cluster, with each bootstrap token. Mirrors
 * `pkg/controller/bootstrap`'s Signer; signatures are detached JWS (RFC 7515) with HMAC-SHA-256.
 */
import { type ConfigMap, ConfigMaps, encodeBase64Url, type Secret, Secrets } from '../../api/index.ts'
import { type CacheIndex, type Controller, DONE, type Outcome, type View } from '../../client/index.ts'
import { hmacSha256 } from '../../sim/index.ts'
import { bootstrapField, isBootstrapToken } from '../shared/bootstrap-tokens.ts'

const NAMESPACE = 'kube-public'
const NAME = 'cluster-info'
const PREFIX = 'jws-kubeconfig-'

const TOKENS: CacheIndex<Secret> = {
  kind: Secrets,
  name: 'bootstrap-tokens',
  values: secret => (isBootstrapToken(secret) ? [''] : []),
  isSame: (next, old) => next.type === old.type,
}

export const bootstrapSigner: Controller<ConfigMap> = {
  name: 'bootstrap-signer',
  eventSource: 'bootstrap-signer',
  kind: ConfigMaps,
  isRelevant: isClusterInfo,
  watches: [
    {
      kind: Secrets,
      keys: (secret: Secret) => (isBootstrapToken(secret) ? [`${NAMESPACE}/${NAME}`] : []),
    },
  ],
  indexes: [TOKENS],
  workers: 1,
  reconcile(info: ConfigMap | undefined, view: View): Outcome {
    const content = info?.data?.kubeconfig
    if (!info || !isClusterInfo(info) || content === undefined) return DONE
    const unsigned = Object.entries(info.data ?? {}).filter(([key]) => !key.startsWith(PREFIX))
    const data: Record<string, string> = Object.fromEntries(unsigned)
    for (const secret of view.list(TOKENS, '')) {
      const id = signingId(secret, view.nowMs)
      if (id) data[PREFIX + id] = signature(content, id, bootstrapField(secret, 'token-secret'))
    }
    if (isSame(data, info.data ?? {})) return DONE
    return { intents: [{ do: 'update', kind: ConfigMaps, object: { ...info, data } as ConfigMap }] }
  },
}

function isClusterInfo({ metadata }: ConfigMap): boolean {
  return metadata.name === NAME && metadata.namespace === NAMESPACE
}

/** The id of a token that is to sign now. */
function signingId(secret: Secret, nowMs: number): string | undefined {
  const id = bootstrapField(secret, 'token-id')
  const isNamed = id !== '' && secret.metadata.name === `bootstrap-token-${id}`
  if (!isNamed || bootstrapField(secret, 'token-secret') === '') return undefined
  const expiration = bootstrapField(secret, 'expiration')
  if (expiration !== '' && !(Date.parse(expiration) > nowMs)) return undefined
  return bootstrapField(secret, 'usage-bootstrap-signing') === 'true' ? id : undefined
}

/** `HEADER..SIGNATURE` */
function signature(content: string, id: string, secret: string): string {
  const encoder = new TextEncoder()
  const bytes = (text: string) => encoder.encode(text)
  const header = encodeBase64Url(bytes(JSON.stringify({ alg: 'HS256', kid: id })))
  const payload = encodeBase64Url(bytes(content))
  return `${header}..${encodeBase64Url(hmacSha256(bytes(secret), bytes(`${header}.${payload}`)))}`
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => a[key] === b[key])
}
