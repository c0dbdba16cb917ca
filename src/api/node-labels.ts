/** Which labels a kubelet may give its own Node. Mirrors k8s.io/kubelet/pkg/apis and the checks of NodeRestriction. */

const ALLOWED: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
])
const ALLOWED_DOMAINS = ['kubelet.kubernetes.io', 'node.kubernetes.io']
const RESERVED_DOMAINS = ['kubernetes.io', 'k8s.io']
const FORBIDDEN_DOMAINS = ['node-restriction.kubernetes.io']

/** False for Kubernetes' own labels save a few, and for those made to keep nodes from them. */
export function mayKubeletSet(label: string): boolean {
  const slash = label.indexOf('/')
  const domain = slash < 0 ? '' : label.slice(0, slash)
  if (isWithin(domain, FORBIDDEN_DOMAINS)) return false
  return !isWithin(domain, RESERVED_DOMAINS) || ALLOWED.has(label) || isWithin(domain, ALLOWED_DOMAINS)
}

function isWithin(domain: string, domains: readonly string[]): boolean {
  return domains.some(one => domain === one || domain.endsWith(`.${one}`))
}
