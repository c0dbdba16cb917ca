/**
 * The kubelet's own server, as it is reached through `nodes/<name>/proxy`: health, pods, configuration, metrics, logs.
 * Mirrors `pkg/kubelet/server`. Looking leaves no trace in the run. Where it differs: what runs commands or forwards
 * ports is asked of pods, not here; usage is without file systems and networks; /var/log has directories only.
 */
import { KUBELET, NAMES, type Pod, Pods } from '../../api/index.ts'
import type { Machine } from '../../cluster/index.ts'
import type { Exchange } from '../exchange.ts'
import type { Gateway } from '../gateway.ts'
import { sendLog } from '../streams/log.ts'
import { kubeletMetrics, resourceMetrics } from './metrics.ts'
import { summary } from './summary.ts'
import type { KubeletView } from './view.ts'

type Answer = (exchange: Exchange, view: KubeletView) => void

const PLAIN = 'text/plain; charset=utf-8'
const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores'
const text = (exchange: Exchange, body: string) => exchange.write(200, PLAIN, body)
const ok: Answer = exchange => text(exchange, 'ok')

const PATHS: Readonly<Record<string, Answer>> = {
  '/healthz': ok,
  '/healthz/ping': ok,
  '/healthz/log': ok,
  '/healthz/syncloop': ok,
  '/pods': (exchange, { pods }) => exchange.send(200, podList(pods)),
  '/runningpods': (exchange, { pods }) => {
    exchange.send(200, podList(pods.filter(({ status }) => status.phase === 'Running')))
  },
  '/configz': (exchange, view) => exchange.send(200, { kubeletconfig: configuration(view) }),
  '/metrics': (exchange, view) => exchange.write(200, PROMETHEUS, kubeletMetrics(view)),
  '/metrics/resource': (exchange, view) => exchange.write(200, PROMETHEUS, resourceMetrics(view)),
  '/metrics/cadvisor': exchange => exchange.write(200, PROMETHEUS, ''),
  '/metrics/probes': exchange => exchange.write(200, PROMETHEUS, ''),
  '/stats/summary': (exchange, view) => exchange.send(200, summary(view)),
  '/logs': exchange => {
    const links = ['containers/', 'pods/'].map(name => `<a href="${name}">${name}</a>\n`).join('')
    exchange.write(200, 'text/html; charset=utf-8', `<!doctype html>\n<pre>\n${links}</pre>\n`)
  },
}

/** Answers as the kubelet of `machine` does. `path` begins with a slash. Throws ApiError for logs that are not there. */
export function serveKubelet(exchange: Exchange, machine: Machine, path: string, gateway: Gateway): void {
  const { world } = gateway.cluster
  const clean = path.length > 1 ? path.replace(/\/+$/, '') : path
  const answer = Object.hasOwn(PATHS, clean) ? PATHS[clean] : undefined
  const log = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(clean)
  if (!answer && !log) {
    exchange.write(404, PLAIN, '404 page not found\n')
    return
  }
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
    exchange.write(405, PLAIN, '405: Method Not Allowed')
    return
  }
  const own = (pod: Pod | undefined) => pod?.spec.nodeName === machine.name
  if (log) {
    const [namespace = '', name = '', container = ''] = log.slice(1).map(decodeURIComponent)
    if (own(world.observer.get({ kind: Pods, namespace, name }) as Pod | undefined)) {
      sendLog(exchange, gateway, { namespace, name, container })
    } else exchange.write(404, PLAIN, `pod "${name}" does not exist\n`)
    return
  }
  const pods = gateway.cluster.list('pods').filter(own)
  answer!(exchange, { machine, pods, nowMs: world.sim.now })
}

/** Items of a list bear no type of their own. */
function podList(pods: readonly Pod[]): object {
  const items = pods.map(({ apiVersion: _, kind: _kind, ...pod }) => pod)
  return { kind: 'PodList', apiVersion: 'v1', metadata: {}, items }
}

/** kubeadm's KubeletConfiguration, as far as it means anything here. */
function configuration({ machine: { config } }: KubeletView): object {
  return {
    enableServer: true,
    syncFrequency: '1m0s',
    address: '0.0.0.0',
    port: 10_250,
    authentication: { webhook: { enabled: true }, anonymous: { enabled: false } },
    authorization: { mode: 'Webhook' },
    healthzPort: 10_248,
    clusterDomain: NAMES.clusterDomain,
    nodeStatusUpdateFrequency: `${KUBELET.nodeStatusUpdateMs / 1000}s`,
    nodeStatusReportFrequency: `${KUBELET.nodeStatusReportMs / 60_000}m0s`,
    nodeLeaseDurationSeconds: KUBELET.leaseDurationSeconds,
    cgroupDriver: 'systemd',
    maxPods: config.maxPods,
    podPidsLimit: -1,
    resolvConf: '/run/systemd/resolve/resolv.conf',
    kubeAPIQPS: 50,
    kubeAPIBurst: 100,
    failSwapOn: true,
    containerLogMaxSize: '10Mi',
    containerLogMaxFiles: 5,
    enableDebuggingHandlers: true,
    staticPodPath: '/etc/kubernetes/manifests',
    shutdownGracePeriod: '0s',
    crashLoopBackOff: {},
    containerRuntimeEndpoint: 'unix:///var/run/containerd/containerd.sock',
    registerNode: true,
  }
}
