/**
 * Words and flags, read the way kubectl's command line (cobra and pflag) reads them and with its complaints.
 */
import { KubectlError } from './kubectl-error.ts'

/**
 * What a flag takes. `optional` has a value only when written with `=`; a `list` is split at commas, an `array` is
 * not and grows by repeating the flag.
 */
export interface FlagSpec {
  readonly name: string
  readonly short?: string
  readonly type: 'string' | 'boolean' | 'integer' | 'list' | 'array' | 'optional'
  readonly default?: string
}

/** Flags of one call. Absent flags have no entry. */
export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1)
  }

  list(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }

  isSet(name: string): boolean {
    const value = this.text(name)
    return value !== undefined && value !== 'false'
  }

  /** The same flags but one. */
  without(name: string): Flags {
    return new Flags(new Map([...this.#values].filter(([key]) => key !== name)))
  }

  /** An integer flag; `parseArguments` has checked that it is one. */
  integer(name: string): number | undefined {
    const value = this.text(name)
    return value === undefined ? undefined : Number(value)
  }
}

export interface Arguments {
  readonly words: readonly string[]
  readonly flags: Flags
  /** What came after `--`. */
  readonly afterDashes: readonly string[]
}

/** Flags every command takes. */
const GLOBAL_FLAGS: readonly FlagSpec[] = [
  { name: 'namespace', short: 'n', type: 'string' },
  { name: 'kubeconfig', type: 'string' },
  { name: 'context', type: 'string' },
  { name: 'as', type: 'string' },
  { name: 'as-group', type: 'list' },
  { name: 'request-timeout', type: 'string' },
]

/** Parses `words` for the command `command` (for messages). Throws KubectlError as kubectl words it. */
export function parseArguments(
  command: string,
  words: readonly string[],
  specs: readonly FlagSpec[],
): Arguments {
  const known = [...GLOBAL_FLAGS, ...specs]
  const values = new Map<string, string[]>()
  const plain: string[] = []
  const add = (spec: FlagSpec, value: string) => {
    checkValue(spec, value)
    const list = values.get(spec.name) ?? []
    list.push(...(spec.type === 'list' && spec.name !== 'filename' ? value.split(',') : [value]))
    values.set(spec.name, list)
  }
  let i = 0
  const next = (flag: string): string => {
    const value = words[++i]
    if (value === undefined) {
      const what = flag.startsWith('--') ? flag : `'${flag[1]}' in ${flag}`
      throw new KubectlError(
        `error: flag needs an argument: ${what}\nSee 'kubectl ${command} --help' for usage.`,
      )
    }
    return value
  }
  for (; i < words.length; i++) {
    const word = words[i]!
    if (word === '--') return { words: plain, flags: new Flags(values), afterDashes: words.slice(i + 1) }
    if (word.startsWith('--')) {
      const [name = '', ...rest] = word.slice(2).split('=')
      const spec = known.find(flag => flag.name === name)
      if (!spec) throw unknownFlag(command, `unknown flag: --${name}`)
      if (rest.length > 0) add(spec, rest.join('='))
      else add(spec, takesValue(spec) ? next(word) : bareValue(spec))
    } else if (word.startsWith('-') && word.length > 1) {
      readShort(word, known, command, add, next)
    } else {
      plain.push(word)
    }
  }
  return { words: plain, flags: new Flags(values), afterDashes: [] }
}

/** `-n x`, `-nx`, `-n=x`, `-Aw`. */
function readShort(
  word: string,
  known: readonly FlagSpec[],
  command: string,
  add: (spec: FlagSpec, value: string) => void,
  next: (flag: string) => string,
): void {
  for (let at = 1; at < word.length; at++) {
    const spec = known.find(flag => flag.short === word[at])
    if (!spec) throw unknownFlag(command, `unknown shorthand flag: '${word[at]}' in ${word}`)
    const rest = word.slice(at + 1)
    if (rest.startsWith('=')) {
      add(spec, rest.slice(1))
      return
    }
    if (!takesValue(spec)) {
      add(spec, bareValue(spec))
      continue
    }
    add(spec, rest === '' ? next(word) : rest)
    return
  }
}

function takesValue(spec: FlagSpec): boolean {
  return spec.type !== 'boolean' && spec.type !== 'optional'
}

function bareValue(spec: FlagSpec): string {
  return spec.default ?? 'true'
}

function checkValue(spec: FlagSpec, value: string): void {
  if (spec.type === 'integer' && !/^-?\d+$/.test(value)) {
    throw new KubectlError(
      `error: invalid argument ${JSON.stringify(value)} for ${flagName(spec)} flag: strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`,
    )
  }
  if (spec.type === 'boolean' && !/^(true|false|t|f|1|0)$/i.test(value)) {
    throw new KubectlError(
      `error: invalid argument ${JSON.stringify(value)} for ${flagName(spec)} flag: strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
    )
  }
}

function flagName(spec: FlagSpec): string {
  return JSON.stringify(spec.short ? `-${spec.short}, --${spec.name}` : `--${spec.name}`)
}

function unknownFlag(command: string, what: string): KubectlError {
  return new KubectlError(`error: ${what}\nSee 'kubectl ${command} --help' for usage.`)
}
