/** What exec and attach are, whichever protocol carries them. Mirrors k8s.io/kubelet's `remotecommand`. */
import { ApiError, statuses } from '../../api/index.ts'
import type { StreamEnd, StreamRequest } from '../../cluster/index.ts'
import type { Gateway, OpenStream } from '../gateway.ts'
import { isTrue, type ResourceRoute } from '../route.ts'
import { findContainer, stateOf } from './container.ts'

/** A request to run or join a command. */
export type CommandRequest = Extract<StreamRequest, { to: 'exec' | 'attach' }>

/** What is to be opened. Throws ApiError 400, 404 or 500. */
export function commandRequest(
  query: URLSearchParams,
  route: ResourceRoute,
  gateway: Gateway,
): CommandRequest {
  const { namespace, name, subresource } = route
  const found = findContainer(gateway.cluster, namespace, name, query.get('container') ?? '')
  const phase = found.pod.status.phase
  if (phase === 'Succeeded' || phase === 'Failed') {
    const what = `cannot exec into a container in a completed pod; current phase is ${phase}`
    throw new ApiError(statuses.badRequest(what))
  }
  if (!stateOf(found)?.state?.running) {
    throw new ApiError(
      statuses.internalError(
        `unable to upgrade connection: container not found (${JSON.stringify(found.container)})`,
      ),
    )
  }
  const isTty = isTrue(query.get('tty'))
  const request = {
    namespace,
    pod: name,
    container: found.container,
    hasStdin: isTrue(query.get('stdin')),
    hasStdout: isTrue(query.get('stdout')),
    hasStderr: isTrue(query.get('stderr')) && !isTty,
    isTty,
  }
  if (subresource === 'attach') return { to: 'attach', request }
  const command = query.getAll('command')
  if (command.length === 0) {
    throw new ApiError(statuses.badRequest('you must specify at least 1 command for the container'))
  }
  return { to: 'exec', request: { ...request, command } }
}

/** Takes `{"Width":80,"Height":24}` for the size of the terminal. */
export function resize(open: OpenStream, text: string): void {
  try {
    const { Width: columns, Height: rows } = JSON.parse(text) as { Width: unknown; Height: unknown }
    if (isSize(columns) && isSize(rows)) open.send({ columns, rows })
  } catch {
    // What is no size changes none.
  }
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535
}

/** A Status, as the kubelet writes it: without kind and version. */
interface CommandStatus {
  readonly metadata?: object
  readonly status?: string
  readonly message?: string
  readonly reason?: string
  readonly details?: object
}

/** How a command ended, in the words in which kubectl understands it. */
export function statusOf(end: StreamEnd): CommandStatus {
  if ('failure' in end) return end.failure
  if ('error' in end) return statuses.internalError(end.error)
  const { exitCode } = end
  if (exitCode === 0) return { metadata: {}, status: 'Success' }
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  }
}
