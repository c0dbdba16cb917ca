/** `kubectl run`: a single pod, with a Service on request. Attaching (`-it`, `--rm`) is refused. */
import type { Container } from 'kubernetes-types/core/v1.js'
import type { Command, Invocation } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import { resultPrinter } from '../results.ts'
import { type Generated, parsePairs, pod, service, servicePort } from '../skeletons.ts'
import { WRITE_FLAGS } from '../write-flags.ts'
import { create } from './create.ts'

export const RUN: Command = {
  name: 'run',
  flags: [
    ...WRITE_FLAGS,
    { name: 'image', type: 'string' },
    { name: 'image-pull-policy', type: 'string' },
    { name: 'port', type: 'string' },
    { name: 'expose', type: 'boolean' },
    { name: 'labels', short: 'l', type: 'string' },
    { name: 'annotations', type: 'array' },
    { name: 'env', type: 'array' },
    { name: 'restart', type: 'string' },
    { name: 'command', type: 'boolean' },
    { name: 'privileged', type: 'boolean' },
    { name: 'stdin', short: 'i', type: 'boolean' },
    { name: 'tty', short: 't', type: 'boolean' },
    { name: 'attach', type: 'boolean' },
    { name: 'rm', type: 'boolean' },
    { name: 'quiet', short: 'q', type: 'boolean' },
  ],
  *run(invocation) {
    const { args, namespace, output } = invocation
    const { flags } = args
    const name = checkUse(invocation)
    const print = resultPrinter(invocation)
    const made: Generated[] = [podOf(invocation, name)]
    if (flags.isSet('expose')) made.unshift(serviceOf(invocation, name))
    for (const [i, { kind, object }] of made.entries()) {
      yield* create(invocation, print, kind, namespace, object, 'kubectl-run')
      // The real one separates the two twice.
      if (i < made.length - 1 && flags.text('output') === 'yaml') output.out('---\n')
    }
  },
}

const HELP = "\nSee 'kubectl run -h' for help and examples"

/** The pod's name. Throws KubectlError. */
function checkUse(invocation: Invocation): string {
  const { flags, words } = invocation.args
  if (!flags.has('image')) throw new KubectlError('error: required flag(s) "image" not set')
  const [name] = words
  if (name === undefined) throw new KubectlError(`error: NAME is required for run${HELP}`)
  if (flags.text('image') === '') throw new KubectlError('error: --image is required')
  if (flags.isSet('tty') && !flags.isSet('stdin')) {
    throw new KubectlError(`error: -i/--stdin is required for containers with -t/--tty=true${HELP}`)
  }
  if (flags.isSet('expose') && !flags.has('port')) {
    throw new KubectlError(`error: --port must be set when exposing a service${HELP}`)
  }
  const restart = flags.text('restart') ?? 'Always'
  if (!['Always', 'OnFailure', 'Never'].includes(restart)) {
    throw new KubectlError(`error: invalid restart policy: ${restart}${HELP}`)
  }
  const isAttached = flags.isSet('stdin') || flags.isSet('attach')
  if (flags.isSet('rm') && !isAttached) {
    throw new KubectlError(`error: --rm should only be used for attached containers${HELP}`)
  }
  if (isAttached) {
    throw new KubectlError(
      'error: attaching to a container is not modelled; use kubectl exec and kubectl logs',
    )
  }
  return name
}

function podOf(invocation: Invocation, name: string): Generated {
  const { flags, words, afterDashes } = invocation.args
  const port = flags.text('port')
  const given = [...words.slice(1), ...afterDashes]
  const pullPolicy = flags.text('image-pull-policy')
  const env = flags.list('env').map(pair => {
    const equals = pair.indexOf('=')
    if (equals < 1) throw new KubectlError(`error: invalid env: ${pair}`)
    return { name: pair.slice(0, equals), value: pair.slice(equals + 1) }
  })
  const container: Container = {
    name,
    image: flags.text('image')!,
    resources: {},
    ...(env.length > 0 && { env }),
    ...(port !== undefined && { ports: [{ containerPort: Number(port) }] }),
    ...(given.length > 0 && { [flags.isSet('command') ? 'command' : 'args']: given }),
    ...(pullPolicy && { imagePullPolicy: pullPolicy }),
    ...(flags.isSet('privileged') && { securityContext: { privileged: true } }),
  }
  const annotations = flags.list('annotations')
  return pod(
    {
      name,
      labels: labelsOf(invocation, name),
      ...(annotations.length > 0 && { annotations: parsePairs(annotations.join(',')) }),
    },
    container,
    flags.text('restart') ?? 'Always',
  )
}

function labelsOf(invocation: Invocation, name: string): Readonly<Record<string, string>> {
  const labels = invocation.args.flags.text('labels')
  return labels ? parsePairs(labels) : { run: name }
}

function serviceOf(invocation: Invocation, name: string): Generated {
  const { flags } = invocation.args
  const port = flags.text('port')!
  const labels = flags.text('labels')
  return service(
    { name, ...(labels && { labels: parsePairs(labels) }) },
    { ports: [servicePort(undefined, Number(port), port)], selector: labelsOf(invocation, name) },
  )
}
