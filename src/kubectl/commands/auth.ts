/** `kubectl auth can-i` and `kubectl auth whoami`: what the server says one is and may do. */
import { type AnyKind, SelfSubjectAccessReviews, SelfSubjectReviews } from '../../api/index.ts'
import { type ApiResult, call, requestFor } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError, statusError } from '../kubectl-error.ts'
import { textTable } from '../printers/text-table.ts'

const VERBS: ReadonlySet<string> = new Set(
  'get list watch create update patch delete deletecollection use bind impersonate * approve sign escalate attest proxy'.split(
    ' ',
  ),
)
const PATH_VERBS: ReadonlySet<string> = new Set([
  'get',
  'put',
  'post',
  'head',
  'options',
  'delete',
  'patch',
  '*',
])

interface Verdict {
  readonly allowed: boolean
  readonly reason?: string
  readonly evaluationError?: string
}

export const AUTH_CAN_I: Command = {
  name: 'auth can-i',
  flags: [
    { name: 'all-namespaces', short: 'A', type: 'boolean' },
    { name: 'quiet', short: 'q', type: 'boolean' },
    { name: 'subresource', type: 'string' },
  ],
  *run(invocation) {
    const { args, output } = invocation
    const spec = question(invocation)
    const { allowed, reason, evaluationError } = yield* review<Verdict>(
      invocation,
      SelfSubjectAccessReviews,
      spec,
    )
    if (!allowed) invocation.fail('')
    if (args.flags.isSet('quiet')) return
    const why = allowed ? [] : [reason, evaluationError].filter(Boolean)
    output.out(`${[allowed ? 'yes' : 'no', ...why].join(' - ')}\n`)
  },
}

function question(invocation: Invocation): object {
  const { args, context, namespace, output } = invocation
  const [verb, typed, name] = args.words
  if (verb === undefined || typed === undefined || args.words.length > 3) {
    throw new KubectlError(
      "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    )
  }
  const warn = (what: string) => output.err(`Warning: ${what}\n\n`)
  if (typed.startsWith('/')) {
    if (!PATH_VERBS.has(verb)) warn(`verb '${verb}' is not a known verb`)
    return { nonResourceAttributes: { verb, path: typed } }
  }
  const [word = '', given = name] = typed.split('/')
  const kind = word === '*' ? undefined : context.scheme.lookup(word)
  if (!kind && word !== '*') warn(`the server doesn't have a resource type '${word}'`)
  if (!VERBS.has(verb)) warn(`verb '${verb}' is not a known verb`)
  const isEverywhere = args.flags.isSet('all-namespaces')
  if (kind && !kind.isNamespaced && !isEverywhere) {
    warn(`resource '${kind.plural}' is not namespace scoped${kind.group && ` in group '${kind.group}'`}`)
  }
  return {
    resourceAttributes: {
      ...(!isEverywhere && { namespace }),
      verb,
      ...groupOf(kind, word),
      resource: kind?.plural ?? word.split('.')[0],
      subresource: args.flags.text('subresource'),
      name: given,
    },
  }
}

/** A type that nobody knows is asked for as it was typed. */
function groupOf(kind: AnyKind | undefined, word: string): { readonly group: string } {
  if (kind) return { group: kind.group }
  return { group: word === '*' ? '*' : word.split('.').slice(1).join('.') }
}

interface WhoAmI {
  readonly userInfo: {
    readonly username?: string
    readonly uid?: string
    readonly groups?: readonly string[]
    readonly extra?: Readonly<Record<string, readonly string[]>>
  }
}

export const AUTH_WHOAMI: Command = {
  name: 'auth whoami',
  flags: [],
  *run(invocation) {
    const { userInfo } = yield* review<WhoAmI>(invocation, SelfSubjectReviews, undefined)
    const { username, uid, groups = [], extra = {} } = userInfo
    const list = (values: readonly string[]) => `[${values.join(' ')}]`
    const rows = [['ATTRIBUTE', 'VALUE']]
    if (username) rows.push(['Username', username])
    if (uid) rows.push(['UID', uid])
    if (groups.length > 0) rows.push(['Groups', list(groups)])
    for (const key of Object.keys(extra).sort()) rows.push([`Extra: ${key}`, list(extra[key]!)])
    invocation.output.out(
      textTable(rows)
        .map(line => `${line}\n`)
        .join(''),
    )
  },
}

/** The status of a review, which is made and never stored. Throws KubectlError. */
function* review<T>({ context }: Invocation, kind: AnyKind, spec: object | undefined): Routine<T> {
  const body = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: {}, ...(spec && { spec }) }
  const result: ApiResult = yield* call(
    context.api,
    requestFor('create', kind, '', '', { body, isFromWire: true }),
  )
  if (!result.ok) throw statusError(result.status)
  return (result.object as unknown as { readonly status: T }).status
}
