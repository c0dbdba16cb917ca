/**
 * The kubelets' doors for `kubectl logs` and `kubectl exec`: finds a pod's container on its machine. In a real
 * cluster the API server asks the kubelet on port 10250; that hop is not modelled.
 */
import { type Pod, Pods } from '../api/index.ts'
import type { ExecPort, LogsPort } from '../kubectl/index.ts'
import type { Containerd, ContainerRecord } from '../kubelet/index.ts'
import { callback } from '../sim/index.ts'
import type { World } from './world.ts'

/** Virtual time after which a command in a container is given up. */
const EXEC_TIMEOUT_MS = 3_600_000

export function logsOf(world: World): LogsPort {
  return (namespace, podName, container, options) => {
    const records = find(world, namespace, podName, container)?.records ?? []
    const record = records.at(options.previous ? -2 : -1)
    if (!record) return undefined
    const since = options.sinceMs ?? Number.NEGATIVE_INFINITY
    const lines = record.log.lines().filter(line => line.atMs >= since)
    const wanted =
      options.tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - options.tailLines))
    return wanted
      .map(({ atMs, text }) => `${options.timestamps ? `${nanoTime(atMs)} ` : ''}${text}\n`)
      .join('')
  }
}

export function execIn(world: World): ExecPort {
  return function* exec(namespace, podName, container, command) {
    const found = find(world, namespace, podName, container)
    const record = found?.records.at(-1)
    if (!found || record?.state !== 'running') return undefined
    const result: Parameters<Parameters<Containerd['exec']>[3]>[0] = yield* callback(done =>
      found.runtime.exec(record.id, command, EXEC_TIMEOUT_MS, done),
    )
    if (!result.ok) return { stdout: '', stderr: `${result.message}\n`, exitCode: 126 }
    // The runtime keeps lines: the last newline is given back.
    const { output, exitCode } = result.value
    return { stdout: output && `${output}\n`, stderr: '', exitCode }
  }
}

function find(
  world: World,
  namespace: string,
  podName: string,
  container: string,
): { runtime: Containerd; records: readonly ContainerRecord[] } | undefined {
  const pod = world.observer.get({ kind: Pods, namespace, name: podName }) as Pod | undefined
  const runtime = pod && world.machine(pod.spec.nodeName ?? '')?.runtime
  if (!runtime) return undefined
  return {
    runtime,
    records: runtime.containers(pod.metadata.uid).filter(({ config }) => config.name === container),
  }
}

/** RFC 3339 with nanoseconds, as container logs have it. */
function nanoTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000000Z')
}
