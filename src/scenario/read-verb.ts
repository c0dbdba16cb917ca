/**
 * From the words of a `$ sim` command to the verb and its call. Flags may stand anywhere and are written
 * `--name=value` or `--name value`.
 */
import { UserError } from '../sim/index.ts'
import type { Play } from './play.ts'
import { VERBS } from './verbs/index.ts'
import type { Stage, Verb, VerbCall } from './verbs/verb.ts'

/** Reads the words after `sim`. Throws UserError with its place. */
export function readVerb(
  words: readonly string[],
  context: Pick<VerbCall, 'where' | 'expression'>,
): (stage: Stage) => Play {
  const [name, ...rest] = words
  const verb = VERBS.find(candidate => candidate.name === name)
  if (!verb) {
    throw new UserError(name === undefined ? 'sim needs a verb' : `there is no verb "sim ${name}"`, {
      where: context.where(name ?? 'sim'),
      mend: `It is one of ${VERBS.map(known => known.name).join(', ')}.`,
    })
  }
  return verb.read({ ...context, ...readFlags(verb, rest, context.where) })
}

function readFlags(
  verb: Verb,
  rest: readonly string[],
  where: VerbCall['where'],
): Pick<VerbCall, 'words' | 'flags'> {
  const words: string[] = []
  const flags = new Map<string, string[]>()
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!
    if (!word.startsWith('--')) {
      words.push(word)
      continue
    }
    const [, name = '', inline] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word)!
    if (!verb.flags.includes(name)) {
      throw new UserError(`sim ${verb.name} has no flag --${name}`, {
        where: where(`--${name}`),
        mend: `Write: sim ${verb.usage}`,
      })
    }
    const value = inline ?? rest[++i]
    if (value === undefined) {
      throw new UserError(`--${name} needs a value`, {
        where: where(`--${name}`),
        mend: `Write: sim ${verb.usage}`,
      })
    }
    flags.set(name, [...(flags.get(name) ?? []), value])
  }
  return { words, flags }
}
