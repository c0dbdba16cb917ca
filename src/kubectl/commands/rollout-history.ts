/** `kubectl rollout history`: the revisions there are, or the template of one. */
import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import type { Routine } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { writePodTemplate } from '../describe/pod-template.ts'
import { align, DescriptionWriter } from '../describe/writer.ts'
import { KubectlError } from '../kubectl-error.ts'
import { displayName } from '../resources.ts'
import { resultPrinter } from '../results.ts'
import { history, type Revision } from '../revisions.ts'
import { SELECTION_FLAGS, type Selected, selectObjects } from '../selection.ts'
import { CHANGE_CAUSE } from './annotate.ts'

export const ROLLOUT_HISTORY: Command = {
  name: 'rollout history',
  flags: [
    ...SELECTION_FLAGS,
    { name: 'revision', type: 'integer' },
    { name: 'output', short: 'o', type: 'string' },
  ],
  *run(invocation) {
    const { args } = invocation
    const revision = args.flags.integer('revision') ?? 0
    if (revision < 0) throw new KubectlError(`error: revision must be a positive integer: ${revision}`)
    const targets = yield* selectObjects(invocation, args.words, {
      allByDefault: true,
      whenNothing: 'error: required resource not specified',
    })
    for (const target of targets) {
      try {
        yield* view(invocation, target, revision)
      } catch (error) {
        if (!(error instanceof KubectlError)) throw error
        invocation.fail(error.message)
      }
    }
  },
}

function* view(invocation: Invocation, target: Selected, revision: number): Routine<void> {
  const { args, context, output } = invocation
  const entries = yield* history(context, target, 'history viewer')
  if (args.flags.has('output')) {
    const print = resultPrinter(invocation)
    for (const entry of entries) {
      if (revision === 0 || entry.revision === revision) print(entry.kind, entry.object, '')
    }
    return
  }
  const which = revision > 0 ? `with revision #${revision}` : ''
  output.out(`${displayName(target.kind, target.name)} ${which}\n${describe(entries, revision)}\n`)
}

function describe(entries: readonly Revision[], revision: number): string {
  if (entries.length === 0) return 'No rollout history found.'
  if (revision === 0) {
    const lines = entries.map(entry => `${entry.revision}\t${entry.changeCause || '<none>'}\n`)
    return align(`REVISION\tCHANGE-CAUSE\n${lines.join('')}`)
  }
  const entry = entries.find(candidate => candidate.revision === revision)
  if (!entry) throw new KubectlError('error: unable to find the specified revision')
  return templateText(withCause(entry))
}

/** A template as `rollout` prints it: its columns are not aligned. */
export function templateText(template: PodTemplateSpec): string {
  const writer = new DescriptionWriter()
  writePodTemplate(writer, template)
  return writer.unaligned
}

/** The template with the change's cause among its annotations. */
function withCause({ template, changeCause }: Revision): PodTemplateSpec {
  if (changeCause === '') return template
  const annotations = { ...template.metadata?.annotations, [CHANGE_CAUSE]: changeCause }
  return { ...template, metadata: { ...template.metadata, annotations } }
}
