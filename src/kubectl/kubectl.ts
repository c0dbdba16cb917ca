/**
 * kubectl in process: a command line becomes a process on the loop that asks the API server over the simulated
 * wire and prints to the letter what the real one prints.
 */
import { ApiError } from '../api/index.ts'
import { type Routine, UserError } from '../sim/index.ts'
import { parseArguments } from './arguments.ts'
import { kubectlClient } from './client.ts'
import { COMMANDS } from './commands/index.ts'
import type { Command, KubectlContext, Output, RefusedCommand } from './context.ts'
import { KubectlError, statusError } from './kubectl-error.ts'

export interface KubectlResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** Runs `kubectl <words>`. `live`, when given, sees the output as it comes. Never throws for bad input. */
export function* runKubectl(
  context: KubectlContext,
  words: readonly string[],
  live?: Output,
): Routine<KubectlResult> {
  let stdout = ''
  let stderr = ''
  let exitCode = 0
  const failures: string[] = []
  const output: Output = {
    out: text => {
      stdout += text
      live?.out(text)
    },
    err: text => {
      stderr += text
      live?.err(text)
    },
  }
  try {
    const { command, rest } = findCommand(words)
    const args = parseArguments(command.name, rest, command.flags)
    const namespace = args.flags.text('namespace') ?? context.namespace
    yield* command.run({
      context: { ...context, api: kubectlClient(context.api, command.name, output) },
      args,
      output,
      namespace,
      fail: message => {
        exitCode = 1
        if (message !== undefined) failures.push(message)
      },
      get hasFailed() {
        return exitCode !== 0
      },
    })
  } catch (error) {
    const known = asKubectlError(error)
    if (!known) throw error
    failures.push(known.message)
    exitCode = known.exitCode
  }
  output.err(gathered(failures))
  return { stdout, stderr, exitCode }
}

/** The command whose name the words begin with; flags may stand before it, as kubectl allows. */
function findCommand(words: readonly string[]): { command: Command; rest: readonly string[] } {
  const leading = leadingFlags(words)
  const after = words.slice(leading.length)
  const [first = '', second = ''] = after
  for (const command of COMMANDS) {
    for (const name of namesOf(command)) {
      const parts = name.split(' ')
      if (parts[0] !== first || (parts.length === 2 && parts[1] !== second)) continue
      if ('refusal' in command) throw new KubectlError(`error: ${command.refusal}`)
      return { command, rest: [...leading, ...after.slice(parts.length)] }
    }
  }
  const group = COMMANDS.filter(command => command.name.startsWith(`${first} `))
  if (group.length > 0 && second !== '') {
    throw new KubectlError(
      `error: unknown command ${JSON.stringify(second)}\nSee 'kubectl ${first} -h' for help and examples`,
    )
  }
  if (group.length > 0) {
    const verbs = group.map(command => command.name.split(' ')[1]).join(', ')
    throw new KubectlError(`error: kubectl ${first} needs one of: ${verbs}`)
  }
  if (first === '') throw new KubectlError('error: a command is needed, such as: kubectl get pods')
  throw new KubectlError(`error: unknown command ${JSON.stringify(first)} for "kubectl"`)
}

function namesOf(command: Command | RefusedCommand): readonly string[] {
  return 'refusal' in command ? [command.name] : [command.name, ...(command.aliases ?? [])]
}

function leadingFlags(words: readonly string[]): readonly string[] {
  let i = 0
  while (i < words.length && words[i]!.startsWith('-')) i += words[i]!.includes('=') ? 1 : 2
  return words.slice(0, i)
}

/** A single error is announced as one; several stand a line each without the word. */
function gathered(failures: readonly string[]): string {
  const texts = failures.length > 1 ? failures.map(text => text.replace(/^error: /, '')) : failures
  return texts
    .filter(text => text !== '')
    .map(text => `${text}\n`)
    .join('')
}

function asKubectlError(error: unknown): KubectlError | undefined {
  if (error instanceof KubectlError) return error
  if (error instanceof ApiError) return statusError(error.status)
  if (error instanceof UserError) return new KubectlError(`error: ${error.toString()}`)
  return undefined
}
