/** What the controllers of certificates ask of a request. Mirrors helpers of pkg/apis/certificates. */
import type { CertificateRequest, CertificateSigningRequest } from '../../api/index.ts'

export const SIGNERS = Object.freeze({
  apiServerClient: 'kubernetes.io/kube-apiserver-client',
  kubeletClient: 'kubernetes.io/kube-apiserver-client-kubelet',
  kubeletServing: 'kubernetes.io/kubelet-serving',
  legacyUnknown: 'kubernetes.io/legacy-unknown',
})

const NODE_PREFIX = 'system:node:'
const NODES = 'system:nodes'
const ENCIPHERMENT = 'key encipherment'

export function hasCondition({ status }: CertificateSigningRequest, type: string): boolean {
  return status.conditions?.some(condition => condition.type === type) ?? false
}

/** Why a request is not one of a kubelet for its own client certificate; undefined when it is. */
export function kubeletClientProblem(
  request: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  if (!isOfNodes(request)) return 'subject organization is not system:nodes'
  if (request.dnsNames.length > 0) return 'DNS subjectAltNames are not allowed'
  if (request.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed'
  if (request.ipAddresses.length > 0) return 'IP subjectAltNames are not allowed'
  if (request.uris.length > 0) return 'URI subjectAltNames are not allowed'
  if (!request.commonName.startsWith(NODE_PREFIX)) {
    return 'subject common name does not begin with system:node:'
  }
  return usagesProblem(usages, ['client auth', 'digital signature', ENCIPHERMENT])
}

/** Likewise for the certificate that a kubelet serves with. */
export function kubeletServingProblem(
  request: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  if (!isOfNodes(request)) return 'subject organization is not system:nodes'
  if (request.dnsNames.length === 0 && request.ipAddresses.length === 0) {
    return 'DNS or IP subjectAltName is required'
  }
  if (request.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed'
  if (request.uris.length > 0) return 'URI subjectAltNames are not allowed'
  const problem = usagesProblem(usages, ['digital signature', ENCIPHERMENT, 'server auth'])
  if (problem) return problem
  return request.commonName.startsWith(NODE_PREFIX)
    ? undefined
    : 'subject common name does not begin with system:node:'
}

/** Why a client of the API server cannot have a certificate for these usages. */
export function clientUsagesProblem(usages: readonly string[]): string | undefined {
  const wrong = usages.find(usage => !['digital signature', ENCIPHERMENT, 'client auth'].includes(usage))
  if (wrong !== undefined) return `invalid usage for client certificate: ${wrong}`
  return usages.includes('client auth')
    ? undefined
    : 'missing required usage for client certificate: client auth'
}

function isOfNodes({ organisations }: CertificateRequest): boolean {
  return organisations.length === 1 && organisations[0] === NODES
}

/** Exactly the wanted ones; keys that cannot encipher go without that. */
function usagesProblem(usages: readonly string[], wanted: readonly string[]): string | undefined {
  const given = new Set(usages)
  const others = wanted.filter(usage => usage !== ENCIPHERMENT)
  const size = given.has(ENCIPHERMENT) ? wanted.length : others.length
  if (given.size === size && others.every(usage => given.has(usage))) return undefined
  return `usages did not match [${wanted.join(' ')}]`
}
