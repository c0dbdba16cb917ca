/**
 * Inputs as they may be shown: what Secrets hold, tokens and what was typed into streams are blanked. A recording needs
 * them to be played again; whoever prints or publishes one does not.
 */
import type { Input, Recording } from './recording.ts'

/** What stands for whatever is not shown. */
const BLANK = '<blanked>'
/** Flags of kubectl whose values are nobody's business. */
const TELLING = /^(--(?:from-literal|token|docker-password|password|certificate|key|overrides|patch)=)[\s\S]+/
const TELLING_NEXT: ReadonlySet<string> = new Set([
  '--from-literal',
  '--token',
  '--docker-password',
  '--password',
  '--overrides',
  '--patch',
  '-p',
])
/** A manifest that has a Secret in it, as YAML or JSON. */
const HAS_SECRET = /["']?kind["']?\s*:\s*["']?Secret\b/

/** The recording with nothing in it that was secret. It can be read, not played. */
export function withoutSecrets(recording: Recording): Recording {
  const inputs = recording.inputs.map(one => ({ ...one, input: withoutSecret(one.input) }))
  return { ...recording, inputs }
}

/** One input likewise. */
export function withoutSecret(input: Input): Input {
  switch (input.do) {
    case 'kubectl': {
      const files = Object.entries(input.files).map(([name, text]) => [name, textWithout(text)])
      return { ...input, words: wordsWithout(input.words), files: Object.fromEntries(files) }
    }
    case 'apply':
      return { ...input, manifest: textWithout(input.manifest) }
    case 'api': {
      const { body, resource } = input.request
      if (body === undefined) return input
      const isTelling = resource === 'secrets' || resource === 'tokenreviews'
      return isTelling ? { ...input, request: { ...input.request, body: blanked(body) } } : input
    }
    case 'send':
      return { ...input, piece: blanked(input.piece) as typeof input.piece }
    case 'webhook':
      return { ...input, answer: blanked(input.answer) as typeof input.answer }
    default:
      return input
  }
}

function wordsWithout(words: readonly string[]): string[] {
  return words.map((word, i) =>
    TELLING_NEXT.has(words[i - 1] ?? '') ? BLANK : word.replace(TELLING, `$1${BLANK}`),
  )
}

function textWithout(text: string): string {
  return HAS_SECRET.test(text) ? BLANK : text
}

/** The shape of a value, with its texts blanked, save those that say what it is. */
function blanked(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return SAYING.has(key) ? value : BLANK
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(one => blanked(one))
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, blanked(one, name)]))
}

const SAYING: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'name', 'namespace', 'type'])
