/**
 * Every pod runs as a service account that exists, and finds its token, the cluster's CA and its namespace where
 * clients look for them. Mirrors `plugin/pkg/admission/serviceaccount`; it differs in that the `default` account,
 * which a controller makes, is waited for by the server asking again.
 */
import { type Pod, Pods, type ServiceAccount, ServiceAccounts, statuses } from '../../api/index.ts'
import type { RandomStream } from '../../sim/index.ts'
import { type AdmissionPlugin, type Attributes, nameIn, type Refusal } from './plugin.ts'

type PodSpec = Pod['spec']
type Container = PodSpec['containers'][number]
type Volume = NonNullable<PodSpec['volumes']>[number]

const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'
/** One hour and seven seconds: the number by which upstream knows that nobody asked for it. */
const TOKEN_SECONDS = 3607
const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

export const SERVICE_ACCOUNT: AdmissionPlugin = {
  name: 'ServiceAccount',

  handles: (kind, operation, subresource) => kind === Pods && operation === 'CREATE' && subresource === '',

  admit(object, attributes, view) {
    const pod = object as Pod
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
      return mirrorPod(pod, attributes)
    }
    const name = pod.spec.serviceAccountName || 'default'
    const account = view.get(ServiceAccounts, attributes.namespace, name)
    if (!account) return missing(pod, attributes, name)
    return { ...pod, spec: withAccount(pod.spec, account, view.random) } as Pod
  },
}

function missing(pod: Pod, attributes: Attributes, name: string): Refusal {
  const why = `error looking up service account ${attributes.namespace}/${name}: serviceaccount "${name}" not found`
  return {
    refused: statuses.forbidden(attributes.kind, nameIn(attributes, pod), why),
    ...(name === 'default' && { retry: { attempts: 10, minMs: 100, maxMs: 199 } }),
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

function withAccount(spec: PodSpec, account: ServiceAccount, random: RandomStream): PodSpec {
  const { name } = account.metadata
  const named: PodSpec = { ...spec, serviceAccountName: name, serviceAccount: name }
  if (!named.imagePullSecrets?.length && account.imagePullSecrets?.length) {
    named.imagePullSecrets = account.imagePullSecrets
  }
  const wantsToken = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true
  return wantsToken ? withToken(named, random) : named
}

/** Mounts the token volume in every container that has nothing at its path. */
function withToken(spec: PodSpec, random: RandomStream): PodSpec {
  const volumes = spec.volumes ?? []
  const present = volumes.find(volume => volume.name.startsWith('kube-api-access-') && hasToken(volume))
  const name = present?.name ?? `kube-api-access-${random.letters(SUFFIX_LETTERS, 5)}`
  let isNeeded = false
  const mounted = (container: Container): Container => {
    if (container.volumeMounts?.some(mount => mount.mountPath === MOUNT_PATH)) return container
    isNeeded = true
    const mount = { name, readOnly: true, mountPath: MOUNT_PATH }
    return { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] }
  }
  const containers = spec.containers.map(mounted)
  const initContainers = spec.initContainers?.map(mounted)
  if (!isNeeded) return spec
  const result: PodSpec = { ...spec, containers }
  if (initContainers) result.initContainers = initContainers
  if (!present) result.volumes = [...volumes, { name, projected: TOKEN_PROJECTION }]
  return result
}

function hasToken(volume: Volume): boolean {
  return volume.projected?.sources?.some(source => source.serviceAccountToken) ?? false
}

/** Shared by every pod there is. */
const TOKEN_PROJECTION: NonNullable<Volume['projected']> = {
  defaultMode: 0o644,
  sources: [
    { serviceAccountToken: { path: 'token', expirationSeconds: TOKEN_SECONDS } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ],
}
