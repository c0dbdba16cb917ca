/**
 * Every pod runs as a service account that exists, and finds its token, the cluster's CA and its namespace where
 * clients look for them. Mirrors `plugin/pkg/admission/serviceaccount`; it differs in that the `default` account,
 * which a controller makes, is waited for by the server asking again.
 */
import {
  API_SERVER,
  freezeDeep,
  type Pod,
  Pods,
  randomSuffix,
  type ServiceAccount,
  ServiceAccounts,
  statuses,
} from '../../api/index.ts'
import type { RandomStream } from '../../sim/index.ts'
import { type AdmissionPlugin, type AdmissionView, type Attributes, nameIn, type Refusal } from './plugin.ts'

type PodSpec = Pod['spec']
type Container = PodSpec['containers'][number]
type Mount = NonNullable<Container['volumeMounts']>[number]
type Volume = NonNullable<PodSpec['volumes']>[number]

const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'
const VOLUME_PREFIX = 'kube-api-access-'

/** A controller makes the default account soon after its namespace. */
const RETRY = Object.freeze({
  attempts: API_SERVER.accountAttempts,
  minMs: API_SERVER.accountRetryMinMs,
  maxMs: API_SERVER.accountRetryMaxMs,
})

export const SERVICE_ACCOUNT: AdmissionPlugin = {
  name: 'ServiceAccount',

  handles: (kind, operation, subresource) => kind === Pods && operation === 'CREATE' && subresource === '',

  admit(object, attributes, view) {
    const pod = object as Pod
    // Validation, which comes later, refuses a pod without these.
    if (!pod.spec?.containers) return undefined
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
      return mirrorPod(pod, attributes)
    }
    const name = pod.spec.serviceAccountName || 'default'
    const account = view.get(ServiceAccounts, attributes.namespace, name)
    if (!account) return missing(pod, attributes, name)
    return { ...pod, spec: withAccount(pod.spec, account, view) } as Pod
  },
}

interface Derived {
  readonly account: ServiceAccount
  readonly spec: PodSpec
}

/**
 * The spec as the account has it. Pods of one template share one, the name of the token's volume included, which
 * upstream draws for each: whatever is found out about it is found out once.
 */
function withAccount(spec: PodSpec, account: ServiceAccount, view: AdmissionView): PodSpec {
  if (!Object.isFrozen(spec)) return addAccount(spec, account, view.random)
  const derived = view.memory(SERVICE_ACCOUNT.name)
  let known = derived.get(spec) as Derived | undefined
  if (known?.account !== account) {
    known = { account, spec: freezeDeep(addAccount(spec, account, view.random)) }
    derived.set(spec, known)
  }
  return known.spec
}

function missing(pod: Pod, attributes: Attributes, name: string): Refusal {
  const why = `error looking up service account ${attributes.namespace}/${name}: serviceaccount "${name}" not found`
  return {
    refused: statuses.forbidden(attributes.kind, nameIn(attributes, pod), why),
    ...(name === 'default' && { retry: RETRY }),
  }
}

/** The kubelet's image of a static pod is taken as it is, if it refers to nothing. */
function mirrorPod(pod: Pod, attributes: Attributes): Refusal | undefined {
  const refused = (why: string) => ({
    refused: statuses.forbidden(attributes.kind, nameIn(attributes, pod), why),
  })
  if (pod.spec.serviceAccountName) return refused('a mirror pod may not reference service accounts')
  if (pod.spec.volumes?.some(volume => volume.secret)) {
    return refused('a mirror pod may not reference secrets')
  }
  return undefined
}

function addAccount(spec: PodSpec, account: ServiceAccount, random: RandomStream): PodSpec {
  const { name } = account.metadata
  const named: PodSpec = { ...spec, serviceAccountName: name, serviceAccount: name }
  if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
    named.imagePullSecrets = account.imagePullSecrets
  }
  const wantsToken = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true
  if (wantsToken) addToken(named, random)
  return named
}

/** Mounts the token volume in every container of a spec in the making that has nothing at its path. */
function addToken(spec: PodSpec, random: RandomStream): void {
  const present = spec.volumes?.find(hasToken)
  const name = present?.name ?? VOLUME_PREFIX + randomSuffix(random)
  const mount = { name, readOnly: true, mountPath: MOUNT_PATH }
  const containers = spec.containers.map(container => mounting(container, mount))
  const initContainers = spec.initContainers?.map(container => mounting(container, mount))
  const isNeeded =
    containers.some((container, i) => container !== spec.containers[i]) ||
    initContainers?.some((container, i) => container !== spec.initContainers?.[i])
  if (!isNeeded) return
  spec.containers = containers
  if (initContainers) spec.initContainers = initContainers
  if (present) return
  const volume = { name, projected: TOKEN_PROJECTION }
  spec.volumes = spec.volumes ? [...spec.volumes, volume] : [volume]
}

/** The container with the mount, itself if it has one at that path. */
function mounting(container: Container, mount: Mount): Container {
  const { volumeMounts } = container
  if (!volumeMounts?.length) return { ...container, volumeMounts: [mount] }
  if (volumeMounts.some(({ mountPath }) => mountPath === MOUNT_PATH)) return container
  return { ...container, volumeMounts: [...volumeMounts, mount] }
}

/** Whether a volume is one that this plugin made: of a pod that was copied from another. */
function hasToken(volume: Volume): boolean {
  if (!volume.name?.startsWith(VOLUME_PREFIX)) return false
  return volume.projected?.sources?.some(source => source.serviceAccountToken) ?? false
}

/** One value for every pod there is. */
const TOKEN_PROJECTION: NonNullable<Volume['projected']> = {
  defaultMode: 0o644,
  sources: [
    { serviceAccountToken: { path: 'token', expirationSeconds: API_SERVER.injectedTokenSeconds } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ],
}
