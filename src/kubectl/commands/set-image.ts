/** `kubectl set image`: gives containers other images by a strategic merge patch. */
import type { KubeObject } from '../../api/index.ts'
import { type ApiResult, call, requestFor } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import { locallyPatched } from '../local-patch.ts'
import { nested, podSpecOf, podSpecPath } from '../pod-template.ts'
import { resultPrinter } from '../results.ts'
import { SELECTION_FLAGS, type Selected, selectObjects, splitPairs } from '../selection.ts'
import { dryRunOf, WRITE_FLAGS } from '../write-flags.ts'

type Images = ReadonlyMap<string, string>

export const SET_IMAGE: Command = {
  name: 'set image',
  flags: [...SELECTION_FLAGS, ...WRITE_FLAGS],
  *run(invocation) {
    const { args } = invocation
    const { resources, pairs } = splitPairs(args.words, 'image')
    const images = readImages(pairs)
    const print = resultPrinter(invocation)
    const targets = yield* selectObjects(invocation, resources)
    if (invocation.hasFailed) return
    checkUse(invocation, images)
    for (const target of targets) {
      const patch = patchFor(invocation, target, images)
      if (!patch) continue
      const object = yield* apply(invocation, target, patch)
      if (object) print(target.kind, object, 'image updated')
    }
  },
}

function readImages(pairs: readonly string[]): Images {
  const wrong = pairs.filter(pair => pair.indexOf('=') < 1)
  if (wrong.length > 0) throw new KubectlError(`error: invalid image format: ${wrong.join(', ')}`)
  return new Map(
    pairs.map(pair => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  )
}

function checkUse(invocation: Invocation, images: Images): void {
  const { flags } = invocation.args
  const errors: string[] = []
  if (flags.isSet('all') && flags.has('selector')) {
    errors.push('cannot set --all and --selector at the same time')
  }
  if (images.size === 0) errors.push('at least one image update is required')
  else if (images.size > 1 && images.has('*')) {
    errors.push(
      'all containers are already specified by *, but saw more than one container_name=container_image pairs',
    )
  }
  if (errors.length > 0)
    throw new KubectlError(errors.length === 1 ? `error: ${errors[0]}` : errors.join('\n'))
}

/** The patch that gives the containers their images; undefined when they have them. */
function patchFor(invocation: Invocation, target: Selected, images: Images): object | undefined {
  const path = podSpecPath(target.kind.kind)
  if (!path) {
    const { plural, version, kind } = target.kind
    const why = `the object is not a pod or does not have a pod template: *${version}.${kind}`
    invocation.fail(`error: ${plural}/${target.name} ${why}`)
    return undefined
  }
  const spec = podSpecOf(target.object, path)
  for (const name of images.keys()) {
    const isThere = [...spec.containers, ...(spec.initContainers ?? [])].some(container =>
      means(name, container.name),
    )
    if (!isThere) invocation.fail(`error: unable to find container named ${JSON.stringify(name)}`)
  }
  const changesOf = (containers: readonly { name: string; image?: string }[] = []) =>
    containers.flatMap(({ name, image }) => {
      const wanted = images.get(name) ?? images.get('*')
      return wanted === undefined || wanted === image ? [] : [{ name, image: wanted }]
    })
  const containers = changesOf(spec.containers)
  const initContainers = changesOf(spec.initContainers)
  if (containers.length + initContainers.length === 0) return undefined
  return nested(path, {
    ...(containers.length > 0 && { containers }),
    ...(initContainers.length > 0 && { initContainers }),
  })
}

function means(typed: string, containerName: string): boolean {
  return typed === '*' || typed === containerName
}

function* apply(invocation: Invocation, target: Selected, patch: object): Routine<KubeObject | undefined> {
  const { kind, namespace, name, object } = target
  const dryRun = dryRunOf(invocation.args.flags)
  if (dryRun === 'client') {
    return locallyPatched(kind, object, 'strategic', patch)
  }
  const result: ApiResult = yield* call(
    invocation.context.api,
    requestFor('patch', kind, namespace, name, {
      body: patch,
      options: { patchType: 'strategic', dryRun: dryRun === 'server', fieldManager: 'kubectl-set' },
      isFromWire: true,
    }),
  )
  if (result.ok) return result.object
  invocation.fail(`error: failed to patch image update to pod template: ${result.status.message}`)
  return undefined
}
