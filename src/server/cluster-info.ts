/**
 * What `kubeadm init` puts into a cluster at its end, once it knows where the server is: the ConfigMap `cluster-info`,
 * by which machines that join know it, and the first bootstrap token, good for a day.
 */
import { randomInt } from 'node:crypto'
import type { ConfigMap, NewObject, Secret } from '../api/index.ts'
import { ADMINISTRATOR, type OutsideRequest } from '../cluster/index.ts'
import { formatTime } from '../sim/index.ts'
import type { Gateway } from './gateway.ts'

const DAY_MS = 24 * 3_600_000
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Done when both are there. */
export async function publishCluster(gateway: Gateway, server: string, certificate: string): Promise<void> {
  await create(gateway, 'configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cluster-info', namespace: 'kube-public' },
    data: { kubeconfig: kubeconfigOf(server, certificate) },
  })
  const id = randomLetters(6)
  await create(gateway, 'secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'bootstrap.kubernetes.io/token',
    metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
    stringData: {
      'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
      expiration: formatTime(gateway.cluster.sim.now + DAY_MS),
      'token-id': id,
      'token-secret': randomLetters(16),
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
    },
  })
}

function create(
  gateway: Gateway,
  resource: string,
  body: NewObject<ConfigMap> | NewObject<Secret>,
): Promise<void> {
  const { apiVersion, metadata } = body
  const request: OutsideRequest = {
    verb: 'create',
    apiVersion,
    resource,
    namespace: metadata.namespace ?? '',
    name: '',
    subresource: '',
    body,
    options: {},
    userAgent: 'kubeadm',
  }
  return new Promise(resolve => gateway.request(ADMINISTRATOR, request, () => resolve()))
}

/** A kubeconfig without anybody in it. */
function kubeconfigOf(server: string, certificate: string): string {
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${Buffer.from(certificate).toString('base64')}
    server: ${server}
  name: ""
contexts: null
current-context: ""
kind: Config
preferences: {}
users: null
`
}

function randomLetters(count: number): string {
  return Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}
