/**
 * The API as kubectl's commands see it: every request says which program sends it, a write who manages its fields,
 * and warnings of the server are printed, each once. Mirrors client-go's `rest.NewWarningWriter` and the
 * `--field-manager` defaults of kubectl's commands.
 */
import type { ApiPort, ApiRequest } from '../client/index.ts'
import type { Output } from './context.ts'

const USER_AGENT = 'kubectl/v1.33.0'

/** Commands that manage fields under a name of their own; the others do as `kubectl`. */
const MANAGERS: Readonly<Record<string, string>> = {
  annotate: 'kubectl-annotate',
  label: 'kubectl-label',
  patch: 'kubectl-patch',
  'rollout pause': 'kubectl-rollout',
  'rollout restart': 'kubectl-rollout',
  'rollout resume': 'kubectl-rollout',
  'rollout undo': 'kubectl-rollout',
  'set image': 'kubectl-set',
  taint: 'kubectl-taint',
}

/** `api` for one call of the command named `command`. */
export function kubectlClient(api: ApiPort, command: string, output: Output): ApiPort {
  const said = new Set<string>()
  const warn = (warnings: readonly string[] = []) => {
    for (const warning of warnings) {
      if (said.has(warning)) continue
      said.add(warning)
      output.err(`Warning: ${warning}\n`)
    }
  }
  const signed = (request: ApiRequest): ApiRequest => {
    const { options } = request
    const fieldManager = options.fieldManager ?? MANAGERS[command]
    const isWrite = request.verb === 'create' || request.verb === 'update' || request.verb === 'patch'
    return isWrite && fieldManager !== undefined
      ? { ...request, userAgent: USER_AGENT, options: { ...options, fieldManager } }
      : { ...request, userAgent: USER_AGENT }
  }
  return {
    request(request, reply) {
      api.request(signed(request), result => {
        warn(result.warnings)
        reply(result)
      })
    },
    watch(request, sink) {
      const { deprecation } = request.kind
      if (deprecation !== undefined) warn([deprecation])
      return api.watch(signed(request), sink)
    },
  }
}
