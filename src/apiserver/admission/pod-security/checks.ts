/**
 * The checks of the Pod Security Standards as of Kubernetes 1.33: what baseline and restricted forbid, in upstream's
 * words. Mirrors `k8s.io/pod-security-admission/policy`; versions before the latest are checked as the latest.
 */
import type { Pod } from '../../../api/index.ts'

type PodSpec = Pod['spec']
type Container = PodSpec['containers'][number]
type SecurityContext = NonNullable<Container['securityContext']>
type PodContext = NonNullable<PodSpec['securityContext']>

export interface PodLike {
  readonly annotations: Readonly<Record<string, string>>
  readonly spec: PodSpec
}

/** What a pod does that it may not: `runAsNonRoot != true` and where. */
export interface Violation {
  readonly reason: string
  readonly detail: string
}

type Check = (pod: PodLike, containers: readonly Container[]) => Violation | undefined

const RESTRICTED: readonly Check[] = [
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompRestricted,
]
const BASELINE: readonly Check[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  privileged,
  procMount,
  seLinux,
  seccompBaseline,
  sysctls,
  hostProcess,
]

/** Those that restricted has in a stricter form. */
const OVERRIDDEN: ReadonlySet<Check> = new Set([capabilitiesBaseline, hostPathVolumes, seccompBaseline])
const BOTH: readonly Check[] = [...BASELINE.filter(check => !OVERRIDDEN.has(check)), ...RESTRICTED]

/** Everything the level forbids of the pod, in upstream's order. */
export function violations(level: 'baseline' | 'restricted', pod: PodLike): Violation[] {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec
  const all = [...initContainers, ...containers, ...(ephemeralContainers as Container[])]
  const checks = level === 'baseline' ? BASELINE : BOTH
  return checks.flatMap(check => check(pod, all) ?? [])
}

const quoted = (names: Iterable<string>) => [...names].map(name => JSON.stringify(name)).join(', ')
const sorted = (names: ReadonlySet<string>) => [...names].sort()
const plural = (one: string, many: string, count: number) => (count === 1 ? one : many)
/** `container "a"`, `containers "a", "b"` */
const named = (containers: readonly string[]) =>
  `${plural('container', 'containers', containers.length)} ${quoted(containers)}`
const namesOf = (containers: readonly Container[], is: (context: SecurityContext | undefined) => boolean) =>
  containers.filter(({ securityContext }) => is(securityContext ?? undefined)).map(({ name }) => name)

/** `pod and container "a"`: who sets what nobody may. */
function setters(isPod: boolean, containers: readonly string[]): string {
  return [...(isPod ? ['pod'] : []), ...(containers.length > 0 ? [named(containers)] : [])].join(' and ')
}

function appArmorProfile(
  { annotations, spec }: PodLike,
  containers: readonly Container[],
): Violation | undefined {
  const PREFIX = 'container.apparmor.security.beta.kubernetes.io/'
  const isFine = (profile: string) =>
    profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/')
  const bad = Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(PREFIX) && !isFine(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort()
  const values = new Set<string>()
  const isBad = (context: { appArmorProfile?: { type: string } } | undefined) => {
    const type = context?.appArmorProfile?.type
    if (type === undefined || type === 'RuntimeDefault' || type === 'Localhost') return false
    values.add(type)
    return true
  }
  const isPod = isBad(spec.securityContext)
  const names = namesOf(containers, isBad)
  const details: string[] = []
  if (isPod || names.length > 0) {
    const who = setters(isPod, names)
    details.push(`${who} must not set AppArmor profile type to ${quoted(sorted(values))}`)
  }
  if (bad.length > 0) details.push(`${plural('annotation', 'annotations', bad.length)} ${bad.join(', ')}`)
  if (details.length === 0) return undefined
  const count = values.size + bad.length
  const reason = plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', count)
  return { reason, detail: details.join(', ') }
}

const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
])

/** Who adds capabilities that are not allowed: `container "a" must not include "SYS_ADMIN" in ...`. */
function adding(containers: readonly Container[], isAllowed: (name: string) => boolean): string | undefined {
  const added = new Set<string>()
  const names = namesOf(containers, context => {
    const bad = (context?.capabilities?.add ?? []).filter(name => !isAllowed(name))
    for (const name of bad) added.add(name)
    return bad.length > 0
  })
  if (names.length === 0) return undefined
  return `${named(names)} must not include ${quoted(sorted(added))} in securityContext.capabilities.add`
}

function capabilitiesBaseline(_pod: PodLike, containers: readonly Container[]): Violation | undefined {
  const detail = adding(containers, name => DEFAULT_CAPABILITIES.has(name))
  return detail === undefined ? undefined : { reason: 'non-default capabilities', detail }
}

function hostNamespaces({ spec }: PodLike): Violation | undefined {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter(field => spec[field])
  if (shared.length === 0) return undefined
  return { reason: 'host namespaces', detail: shared.map(field => `${field}=true`).join(', ') }
}

function hostPathVolumes({ spec }: PodLike): Violation | undefined {
  const names = (spec.volumes ?? []).filter(volume => volume.hostPath).map(({ name }) => name)
  if (names.length === 0) return undefined
  return {
    reason: 'hostPath volumes',
    detail: `${plural('volume', 'volumes', names.length)} ${quoted(names)}`,
  }
}

function hostPorts(_pod: PodLike, containers: readonly Container[]): Violation | undefined {
  const ports = new Set<string>()
  const names: string[] = []
  for (const container of containers) {
    const bad = (container.ports ?? []).filter(({ hostPort }) => hostPort)
    if (bad.length > 0) names.push(container.name)
    for (const { hostPort } of bad) ports.add(String(hostPort))
  }
  if (names.length === 0) return undefined
  const what = `${plural('hostPort', 'hostPorts', ports.size)} ${sorted(ports).join(', ')}`
  return { reason: 'hostPort', detail: `${named(names)} ${plural('uses', 'use', names.length)} ${what}` }
}

function privileged(_pod: PodLike, containers: readonly Container[]): Violation | undefined {
  const names = namesOf(containers, context => context?.privileged === true)
  if (names.length === 0) return undefined
  return { reason: 'privileged', detail: `${named(names)} must not set securityContext.privileged=true` }
}

function procMount(_pod: PodLike, containers: readonly Container[]): Violation | undefined {
  const types = new Set<string>()
  const names = namesOf(containers, context => {
    const type = context?.procMount
    if (!type || type === 'Default') return false
    types.add(type)
    return true
  })
  if (names.length === 0) return undefined
  const detail = `${named(names)} must not set securityContext.procMount to ${quoted(sorted(types))}`
  return { reason: 'procMount', detail }
}

const SELINUX_TYPES: ReadonlySet<string> = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
])

function seLinux({ spec }: PodLike, containers: readonly Container[]): Violation | undefined {
  const types = new Set<string>()
  let isUserSet = false
  let isRoleSet = false
  const isBad = (context: Pick<PodContext, 'seLinuxOptions'> | undefined) => {
    const { type = '', user, role } = context?.seLinuxOptions ?? {}
    const isTypeBad = !SELINUX_TYPES.has(type)
    if (isTypeBad) types.add(type)
    if (user) isUserSet = true
    if (role) isRoleSet = true
    return isTypeBad || !!user || !!role
  }
  const isPod = isBad(spec.securityContext)
  const names = namesOf(containers, isBad)
  if (!isPod && names.length === 0) return undefined
  const bad: string[] = []
  if (types.size > 0) bad.push(`${plural('type', 'types', types.size)} ${quoted(sorted(types))}`)
  if (isUserSet) bad.push('user may not be set')
  if (isRoleSet) bad.push('role may not be set')
  const detail = `${setters(isPod, names)} set forbidden securityContext.seLinuxOptions: ${bad.join('; ')}`
  return { reason: 'seLinuxOptions', detail }
}

const isSeccompFine = (type: string | undefined) => type === 'RuntimeDefault' || type === 'Localhost'

function seccompBaseline({ spec }: PodLike, containers: readonly Container[]): Violation | undefined {
  const types = new Set<string>()
  const isBad = (context: Pick<PodContext, 'seccompProfile'> | undefined) => {
    const profile = context?.seccompProfile
    if (!profile || isSeccompFine(profile.type)) return false
    types.add(profile.type)
    return true
  }
  const isPod = isBad(spec.securityContext)
  const names = namesOf(containers, isBad)
  if (!isPod && names.length === 0) return undefined
  const what = `must not set securityContext.seccompProfile.type to ${quoted(sorted(types))}`
  return { reason: 'seccompProfile', detail: `${setters(isPod, names)} ${what}` }
}

const SAFE_SYSCTLS: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
])

function sysctls({ spec }: PodLike): Violation | undefined {
  const bad = (spec.securityContext?.sysctls ?? [])
    .map(({ name }) => name)
    .filter(name => !SAFE_SYSCTLS.has(name))
  return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') }
}

function hostProcess({ spec }: PodLike, containers: readonly Container[]): Violation | undefined {
  const isPod = spec.securityContext?.windowsOptions?.hostProcess === true
  const names = namesOf(containers, context => context?.windowsOptions?.hostProcess === true)
  if (!isPod && names.length === 0) return undefined
  const detail = `${setters(isPod, names)} must not set securityContext.windowsOptions.hostProcess=true`
  return { reason: 'hostProcess', detail }
}

/** From here on, what restricted demands; some of it Windows has no notion of. */
const isWindows = ({ spec }: PodLike) => spec.os?.name === 'windows'

function allowPrivilegeEscalation(pod: PodLike, containers: readonly Container[]): Violation | undefined {
  if (isWindows(pod)) return undefined
  const names = namesOf(containers, context => context?.allowPrivilegeEscalation !== false)
  if (names.length === 0) return undefined
  const detail = `${named(names)} must set securityContext.allowPrivilegeEscalation=false`
  return { reason: 'allowPrivilegeEscalation != false', detail }
}

function capabilitiesRestricted(pod: PodLike, containers: readonly Container[]): Violation | undefined {
  if (isWindows(pod)) return undefined
  const details: string[] = []
  const names = namesOf(containers, context => !context?.capabilities?.drop?.includes('ALL'))
  if (names.length > 0) details.push(`${named(names)} must set securityContext.capabilities.drop=["ALL"]`)
  const added = adding(containers, name => name === 'NET_BIND_SERVICE')
  if (added !== undefined) details.push(added)
  return details.length === 0
    ? undefined
    : { reason: 'unrestricted capabilities', detail: details.join('; ') }
}

const FREE_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
] as const

function restrictedVolumes({ spec }: PodLike): Violation | undefined {
  const bad = (spec.volumes ?? []).filter(volume => !FREE_VOLUMES.some(type => volume[type]))
  if (bad.length === 0) return undefined
  const types = new Set(bad.map(volume => Object.keys(volume).find(field => field !== 'name') ?? 'unknown'))
  const who = `${plural('volume', 'volumes', bad.length)} ${quoted(bad.map(({ name }) => name))}`
  const what = `${plural('uses', 'use', bad.length)} restricted volume ${plural('type', 'types', types.size)}`
  return { reason: 'restricted volume types', detail: `${who} ${what} ${quoted(sorted(types))}` }
}

function runAsNonRoot({ spec }: PodLike, containers: readonly Container[]): Violation | undefined {
  const whole = spec.securityContext?.runAsNonRoot
  const refusing = namesOf(containers, context => context?.runAsNonRoot === false)
  const reason = 'runAsNonRoot != true'
  if (whole === false || refusing.length > 0) {
    const detail = `${setters(whole === false, refusing)} must not set securityContext.runAsNonRoot=false`
    return { reason, detail }
  }
  const silent = whole ? [] : namesOf(containers, context => context?.runAsNonRoot === undefined)
  if (silent.length === 0) return undefined
  return { reason, detail: `pod or ${named(silent)} must set securityContext.runAsNonRoot=true` }
}

function runAsUser({ spec }: PodLike, containers: readonly Container[]): Violation | undefined {
  const isPod = spec.securityContext?.runAsUser === 0
  const names = namesOf(containers, context => context?.runAsUser === 0)
  if (!isPod && names.length === 0) return undefined
  return { reason: 'runAsUser=0', detail: `${setters(isPod, names)} must not set runAsUser=0` }
}

function seccompRestricted(pod: PodLike, containers: readonly Container[]): Violation | undefined {
  if (isWindows(pod)) return undefined
  const bad = seccompBaseline(pod, containers)
  if (bad) return bad
  if (pod.spec.securityContext?.seccompProfile) return undefined
  const silent = namesOf(containers, context => !context?.seccompProfile)
  if (silent.length === 0) return undefined
  const what = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
  return { reason: 'seccompProfile', detail: `pod or ${named(silent)} ${what}` }
}
