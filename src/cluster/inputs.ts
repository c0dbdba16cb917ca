/**
 * What entering the world does: every input as a process. The same code runs when it is typed and when it is
 * replayed.
 */
import type { KubeObject } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import { applyManifest, type KubectlResult, type Output, runKubectl } from '../kubectl/index.ts'
import type { Routine } from '../sim/index.ts'
import { UserError } from '../sim/index.ts'
import { settleNode } from './config.ts'
import type { WatchEnd, WatchListener } from './outside.ts'
import type { StreamEnd, StreamHearer } from './outside-streams.ts'
import type { Input } from './recording.ts'
import { type RequestResult, requestFromPod } from './request.ts'
import type { World } from './world.ts'

/** What an input came to. Errors are values: they belong to whoever gave the input. */
export type InputResult =
  | { readonly ok: true; readonly value: InputValue }
  | { readonly ok: false; readonly error: Error }

type InputValue =
  | KubectlResult
  | readonly KubeObject[]
  | RequestResult
  | ApiResult
  | WatchEnd
  | StreamEnd
  | undefined

/** What a front end hears of an input while it goes on; none of it changes what happens. */
export interface Live {
  /** kubectl's output as it comes. */
  readonly output?: Output
  /** What a watch delivers. */
  readonly watch?: WatchListener
  /** What comes out of a stream. */
  readonly stream?: StreamHearer
  /** The end, in the event that brought it. */
  readonly ended?: (result: InputResult) => void
}

/** Carries an input out; `place` is its place in the order of inputs. */
export function* perform(world: World, input: Input, place: number, live?: Live): Routine<InputResult> {
  try {
    return { ok: true, value: yield* carryOut(world, input, place, live) }
  } catch (error) {
    if (error instanceof Error && error.name !== 'Bug') return { ok: false, error }
    throw error
  }
}

function* carryOut(world: World, input: Input, place: number, live: Live | undefined): Routine<InputValue> {
  switch (input.do) {
    case 'kubectl':
      return yield* runKubectl(world.kubectlContext(input.files), input.words, live?.output)
    case 'apply':
      return yield* applyManifest(world.kubectlContext({}), input.file, input.manifest)
    case 'request':
      return yield* requestFromPod(world, input.pod, input.url)
    case 'api':
      return yield* world.outside.request(input.user, input.request)
    case 'stream':
      return yield* world.streams.open(place, input.stream, live?.stream)
    case 'send':
      world.streams.send(input.input, input.piece)
      return undefined
    case 'watch':
      return yield* world.outside.watch(input.user, input.request, live?.watch)
    case 'webhook':
      world.webhooks.answered(input.call, input.answer)
      return undefined
    case 'certificate':
      world.certificates.signed(input.order, input.answer)
      return undefined
    case 'crash':
      world.crash(input.target)
      return undefined
    case 'recover':
      world.recover(input.target)
      return undefined
    case 'cut':
      world.checkEndpoints(input.a, input.b)
      world.wire.cut(input.a, input.b)
      world.linksChanged()
      return undefined
    case 'slow':
      world.checkEndpoints(input.a, input.b)
      world.wire.slow(input.a, input.b, { latencyMs: input.latencyMs, factor: input.factor })
      return undefined
    case 'heal':
      world.checkEndpoints(input.a, input.b)
      world.wire.heal(input.a, input.b)
      world.linksChanged()
      return undefined
    case 'cancel':
      world.cancelInput(input.input)
      return undefined
    case 'add-node': {
      const node = settleNode(input.node, world.settings.maxPods)
      if (world.machine(node.name)) throw new UserError(`there is a node ${node.name} already`)
      world.addNode(node)
      return undefined
    }
  }
}
