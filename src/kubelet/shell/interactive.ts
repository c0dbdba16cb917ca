/** A shell that reads what it is told line by line: from a terminal with a prompt, or from a pipe without. */
import type { Routine } from '../../sim/index.ts'
import { parseScript } from './parse.ts'
import type { Shell } from './shell.ts'
import { Unwind } from './state.ts'
import { type Command, ShellSyntaxError } from './syntax.ts'

const INTERRUPTED = 130

/** Until the input ends or a command exits; gives the exit code. */
export function* readCommands(shell: Shell): Routine<number> {
  const { io, state, process } = shell
  const prompt = (isMore: boolean) => {
    if (shell.isInteractive) io.stderr.write(isMore ? '> ' : promptOf(shell))
  }
  let text = ''
  const { terminal } = process
  for (;;) {
    prompt(text !== '')
    if (terminal && shell.isInteractive) {
      terminal.onInterrupt = () => {
        text = ''
        io.stderr.write('\n')
        prompt(false)
      }
    }
    const line = yield* io.stdin.next()
    if (line === undefined) {
      if (shell.isInteractive && text === '') return yield* shell.finish(state.status)
      if (text === '') return yield* shell.finish(state.status)
    }
    text += `${line ?? ''}\n`
    const parsed = tryParse(text, line === undefined)
    if (parsed === 'more') continue
    text = ''
    if (typeof parsed === 'object') {
      const ended = yield* runOne(shell, parsed)
      if (ended !== undefined) return yield* shell.finish(ended)
    } else {
      shell.complain(`syntax error: ${parsed}`)
      state.status = 2
      if (!shell.isInteractive) return yield* shell.finish(2)
    }
    if (line === undefined) return yield* shell.finish(state.status)
  }
}

/** The command, what is wrong with it, or `more`. */
function tryParse(text: string, isEnd: boolean): Command | string {
  try {
    return parseScript(text)
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error
    return error.isIncomplete && !isEnd ? 'more' : error.message
  }
}

/** Runs one command in the foreground; the exit code if it ended the shell. */
function* runOne(shell: Shell, command: Command): Routine<number | undefined> {
  const { terminal, scope } = shell.process
  if (!terminal || !shell.isInteractive) return yield* guarded(shell, command)
  let stop = () => {}
  const result = (yield {
    arm: waiting => {
      const inner = scope.child('foreground')
      stop = () => inner.close()
      terminal.onInterrupt = signal => {
        inner.close()
        shell.io.stderr.write('\n')
        shell.state.status = signal === 'INT' ? INTERRUPTED : INTERRUPTED + 1
        waiting.resume(undefined)
      }
      inner.spawn(waiting.label, guarded(shell, command), ended => {
        inner.close()
        waiting.resume(ended)
      })
    },
    disarm: () => stop(),
  }) as number | undefined
  return result
}

function* guarded(shell: Shell, command: Command): Routine<number | undefined> {
  try {
    yield* shell.execute(command, shell.io)
    return undefined
  } catch (error) {
    if (error instanceof Unwind) {
      if (error.kind === 'exit') return error.code
      return undefined
    }
    shell.state.status = shell.failure(error)
    return shell.isInteractive ? undefined : shell.state.status
  }
}

/** `/ # ` as busybox has it, `root@web-1:/# ` as bash, `# ` as dash. */
function promptOf(shell: Shell): string {
  const own = shell.lookup('PS1')
  const { image, user, hostname } = shell.process
  const sign = user.uid === 0 ? '#' : '$'
  if (own !== undefined) return own.replaceAll('\\w', shell.directory).replaceAll('\\$', sign)
  if (shell.title === 'bash')
    return `${user.uid === 0 ? 'root' : 'I have no name!'}@${hostname}:${shell.directory}${sign} `
  return image.os === 'busybox' || image.os === 'alpine' ? `${shell.directory} ${sign} ` : `${sign} `
}
