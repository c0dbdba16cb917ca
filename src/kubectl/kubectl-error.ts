/**
 * kubectl gives up: what it prints to standard error, and its exit code.
 */
import type { Status } from '../api/index.ts'

export class KubectlError extends Error {
  override readonly name = 'KubectlError'
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/**
 * A refusal of the API server in kubectl's words: `Error from server (NotFound): pods "x" not found`, or for
 * invalid objects `The Pod "x" is invalid: ...` with several causes one a line.
 */
export function statusError(status: Status): KubectlError {
  const { reason, message = '', details } = status
  const refused = /^dial tcp (\S+): connect: connection refused$/.exec(message)
  if (refused) {
    return new KubectlError(
      `The connection to the server ${refused[1]} was refused - did you specify the right host or port?`,
    )
  }
  if (reason === 'Invalid' && details?.kind) {
    const head = `The ${details.kind} "${details.name}" is invalid: `
    const causes = (details.causes ?? []).map(cause => `${cause.field}: ${cause.message}`)
    return new KubectlError(
      causes.length === 1 ? head + causes[0] : [head, ...causes.map(c => `* ${c}`)].join('\n'),
    )
  }
  return new KubectlError(
    reason ? `Error from server (${reason}): ${message}` : `Error from server: ${message}`,
  )
}

/** A refusal of an object out of a file: kubectl says what it was doing and which file, save for invalid objects. */
export function statusErrorOf(doing: string, file: string, status: Status): KubectlError {
  const error = statusError(status)
  if (status.reason === 'Invalid') return error
  const said = error.message.replace(
    /^Error from server( \(\w+\))?: /,
    head => `${head}error when ${doing} "${file}": `,
  )
  return new KubectlError(said)
}
