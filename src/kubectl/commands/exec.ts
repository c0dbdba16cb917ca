/** `kubectl exec POD -- COMMAND`: a program in a running container. Terminals (`-it`) carry no input here. */
import type { Command } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import { defaultContainer, hasContainer, podOf } from '../pod-of.ts'

export const EXEC: Command = {
  name: 'exec',
  flags: [
    { name: 'container', short: 'c', type: 'string' },
    { name: 'stdin', short: 'i', type: 'boolean' },
    { name: 'tty', short: 't', type: 'boolean' },
    { name: 'quiet', short: 'q', type: 'boolean' },
  ],
  *run(invocation) {
    const { args, context, output } = invocation
    const [word] = args.words
    if (word === undefined || args.words.length > 1) {
      throw new KubectlError(
        word === undefined
          ? 'error: pod, type/name or --filename must be specified'
          : "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples",
      )
    }
    if (args.afterDashes.length === 0) {
      throw new KubectlError('error: you must specify at least one command for the container')
    }
    if (!context.exec) throw new KubectlError('error: exec is not to be had here: no kubelets are connected')
    const { pod } = yield* podOf(invocation, word)
    const { namespace = '', name } = pod.metadata
    if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
      throw new KubectlError(
        `error: cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`,
      )
    }
    const wanted = args.flags.text('container')
    if (wanted !== undefined && !hasContainer(pod, wanted)) {
      throw new KubectlError(`error: container ${wanted} not found in pod ${name}`)
    }
    const container = wanted ?? defaultContainer(invocation, pod)
    if (pod.spec.nodeName === undefined) {
      throw new KubectlError(`Error from server (BadRequest): pod ${name} does not have a host assigned`)
    }
    const result = yield* context.exec(namespace, name, container, args.afterDashes)
    if (!result) {
      throw new KubectlError(
        `error: Internal error occurred: unable to upgrade connection: container not found (${JSON.stringify(container)})`,
      )
    }
    output.out(result.stdout)
    output.err(result.stderr)
    if (result.exitCode !== 0) {
      throw new KubectlError(`command terminated with exit code ${result.exitCode}`, result.exitCode)
    }
  },
}
