/** Commands that change the shell itself. Those that only print are among the tools. */
import type { Routine } from '../../sim/index.ts'
import { parseSignal } from '../runtime/process-table.ts'
import { separatorPattern, trimBlanks } from './expand.ts'
import { absolute } from './pattern.ts'
import type { Shell } from './shell.ts'
import { type ShellIo, Unwind } from './state.ts'
import { ShellSyntaxError } from './syntax.ts'

type Builtin = (shell: Shell, args: readonly string[], io: ShellIo) => Routine<number>

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  *':'() {
    return 0
  },
  *'.'(shell, [path = '', ...args], io) {
    const script = shell.files.read(absolute(path, shell.directory))
    if (!script.ok) {
      shell.complain(`.: can't open '${path}': No such file or directory`, io)
      return 2
    }
    const outer = shell.state.positional
    if (args.length > 0) shell.state.positional = args
    try {
      return yield* shell.source(script.value)
    } finally {
      shell.state.positional = outer
    }
  },
  *source(shell, args, io) {
    return yield* BUILTINS['.']!(shell, args, io)
  },
  *alias() {
    return 0
  },
  *break(_shell, [levels = '1']) {
    throw new Unwind('break', 0, Number(levels))
  },
  *continue(_shell, [levels = '1']) {
    throw new Unwind('continue', 0, Number(levels))
  },
  *cd(shell, [target], io) {
    const { state } = shell
    const wanted =
      target === '-' ? (shell.lookup('OLDPWD') ?? '/') : (target ?? shell.lookup('HOME') ?? '/root')
    const real = shell.files.realPath(absolute(wanted, state.directory))
    const node = real.ok ? shell.files.node(real.value) : real
    if (!real.ok || !node.ok || node.value.type !== 'directory') {
      const why = real.ok ? 'Not a directory' : real.error
      shell.complain(`cd: can't cd to ${wanted}: ${why}`, io)
      return 1
    }
    shell.assign('OLDPWD', state.directory)
    state.directory = real.value
    if (target === '-') io.stdout.write(`${real.value}\n`)
    return 0
  },
  *command(shell, args, io) {
    if (args[0] === '-v' || args[0] === '-V') {
      const name = args[1] ?? ''
      if (shell.state.functions.has(name) || Object.hasOwn(BUILTINS, name)) {
        io.stdout.write(`${name}\n`)
        return 0
      }
      return yield* shell.command(['which', name], io)
    }
    const [name = ''] = args
    const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined
    return builtin ? yield* builtin(shell, args.slice(1), io) : yield* shell.command(args, io)
  },
  *eval(shell, args) {
    return yield* shell.source(args.join(' '))
  },
  *exec(shell, args, io) {
    if (args.length === 0) {
      Object.assign(shell.io, io)
      return 0
    }
    throw new Unwind('exit', yield* shell.command(args, io))
  },
  *exit(shell, [code]) {
    throw new Unwind('exit', code === undefined ? shell.state.status : Number(code) & 255)
  },
  *export(shell, args, io) {
    if (args.length === 0 || args[0] === '-p') {
      for (const [name, value] of Object.entries(shell.state.exported())) {
        io.stdout.write(`export ${name}='${value}'\n`)
      }
    }
    for (const pair of args) declare(shell, pair, variable => (variable.isExported = true))
    return 0
  },
  *hash() {
    return 0
  },
  *jobs(shell, _args, io) {
    let i = 0
    for (const job of shell.state.jobs.values()) {
      io.stdout.write(
        `[${++i}]+  ${job.exitCode === undefined ? 'Running' : 'Done'}                 ${job.text}\n`,
      )
    }
    return 0
  },
  *let(shell, args) {
    const value = yield* shell.source(`echo $((${args.join(' ')})) >/dev/null`)
    return value
  },
  *local(shell, args) {
    const frame = shell.state.locals.at(-1)
    if (!frame) throw new ShellSyntaxError('local: not in a function')
    for (const pair of args) {
      const [name = ''] = pair.split('=')
      if (!frame.has(name)) {
        frame.set(name, shell.state.variables.get(name))
        shell.state.variables.delete(name)
      }
      declare(shell, pair, () => {})
    }
    return 0
  },
  *read(shell, args, io) {
    const isRaw = args.some(word => /^-\w*r/.test(word))
    const promptAt = args.indexOf('-p')
    if (promptAt >= 0) io.stderr.write(args[promptAt + 1] ?? '')
    const names = args.filter((word, i) => !word.startsWith('-') && (promptAt < 0 || i !== promptAt + 1))
    const line = yield* io.stdin.next()
    const text = isRaw ? (line ?? '') : (line ?? '').replace(/\\(.)/g, '$1')
    const targets = names.length > 0 ? names : ['REPLY']
    const separators = shell.lookup('IFS') ?? ' \t\n'
    const separator = separatorPattern(separators)
    let rest = trimBlanks(text, separators)
    for (const [i, name] of targets.entries()) {
      const end = i === targets.length - 1 ? null : separator?.exec(rest)
      shell.assign(name, end ? rest.slice(0, end.index) : rest)
      rest = end ? rest.slice(end.index + end[0].length) : ''
    }
    return line === undefined ? 1 : 0
  },
  *readonly(shell, args) {
    for (const pair of args) declare(shell, pair, variable => (variable.isReadOnly = true))
    return 0
  },
  *return(shell, [code]) {
    throw new Unwind('return', code === undefined ? shell.state.status : Number(code) & 255)
  },
  *set(shell, args, io) {
    const { options } = shell.state
    if (args.length === 0) {
      const names = [...shell.state.variables.keys()].sort()
      for (const name of names) io.stdout.write(`${name}='${shell.lookup(name)}'\n`)
      return 0
    }
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!
      if (word === '--' || !/^[-+]/.test(word)) {
        shell.state.positional = args.slice(word === '--' ? i + 1 : i)
        return 0
      }
      const names = word.slice(1) === 'o' ? [args[++i] ?? ''] : [...word.slice(1)]
      for (const name of names) {
        const short = { errexit: 'e', nounset: 'u', xtrace: 'x' }[name] ?? name
        if (word.startsWith('-')) options.add(short)
        else options.delete(short)
      }
      if (word.slice(1).length > 1 && word.endsWith('o')) options.add(args[++i] ?? '')
    }
    return 0
  },
  *shift(shell, [count = '1']) {
    shell.state.positional = shell.state.positional.slice(Number(count))
    return 0
  },
  *trap(shell, args, io) {
    const { traps } = shell.state
    if (args.length === 0) {
      for (const [signal, text] of traps) io.stdout.write(`trap -- '${text}' ${signal}\n`)
      return 0
    }
    const [text = '', ...signals] = args[0] === '--' ? args.slice(1) : args
    for (const word of signals) {
      const signal = word === '0' || word === 'EXIT' ? 'EXIT' : parseSignal(word)
      if (!signal) {
        shell.complain(`trap: ${word}: invalid signal specification`, io)
        return 1
      }
      if (text === '-') traps.delete(signal)
      else traps.set(signal, text)
      if (signal === 'TERM' && text !== '-' && text !== '') shell.heedTermination()
    }
    return 0
  },
  *type(shell, [name = ''], io) {
    if (shell.state.functions.has(name)) io.stdout.write(`${name} is a function\n`)
    else if (Object.hasOwn(BUILTINS, name)) io.stdout.write(`${name} is a shell builtin\n`)
    else if ((yield* shell.command(['which', name], { ...io, stdout: { write() {}, *drain() {} } })) === 0) {
      io.stdout.write(`${name} is /bin/${name}\n`)
    } else {
      io.stdout.write(`${name}: not found\n`)
      return 127
    }
    return 0
  },
  *umask() {
    return 0
  },
  *unset(shell, args) {
    const isFunction = args[0] === '-f'
    for (const name of args.filter(word => !word.startsWith('-'))) {
      if (isFunction) shell.state.functions.delete(name)
      else shell.state.variables.delete(name)
    }
    return 0
  },
  *wait(shell, args) {
    const { jobs } = shell.state
    const wanted = args.length > 0 ? args.map(pid => jobs.get(Number(pid))) : [...jobs.values()]
    let code = args.length > 0 && wanted.includes(undefined) ? 127 : 0
    for (const job of wanted) {
      while (job && job.exitCode === undefined) {
        yield* shell.waitFor([job])
        if (shell.hasPendingTraps) return 143
      }
      if (!job) continue
      if (args.length > 0) code = job.exitCode!
      jobs.delete(job.pid)
    }
    return code
  },
}

function declare(
  shell: Shell,
  pair: string,
  change: (variable: { value: string; isExported: boolean; isReadOnly: boolean }) => void,
): void {
  const at = pair.indexOf('=')
  const name = at < 0 ? pair : pair.slice(0, at)
  if (!/^[A-Za-z_]\w*$/.test(name)) return
  const { variables } = shell.state
  if (at >= 0) shell.assign(name, pair.slice(at + 1))
  else if (!variables.has(name)) variables.set(name, { value: '', isExported: false, isReadOnly: false })
  change(variables.get(name)!)
}
