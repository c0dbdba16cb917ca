/** What asks about the process, its container and the clock, and what runs other commands. */
import { callback, sleep as pause, withTimeout } from '../../sim/index.ts'
import { readAll } from '../io/streams.ts'
import type { ContainerProcess, Program } from '../program.ts'
import { parseSignal } from '../runtime/process-table.ts'
import { complain, linesOf, pathOf, readOptions } from './support.ts'

const yes: Program = function* () {
  return 0
}
const no: Program = function* () {
  return 1
}

export { no as false_, yes as true_ }

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Undefined for what is no length of time. */
function milliseconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(text)
  return match ? Math.round(Number(match[1]) * UNIT_MS[match[2] || 's']!) : undefined
}

export const sleep: Program = function* (process) {
  let total = 0
  for (const text of process.argv.slice(1)) {
    if (text === 'infinity' || text === 'inf') yield* callback(() => {})
    const ms = milliseconds(text)
    if (ms === undefined) return complain(process, `invalid number '${text}'`)
    total += ms
  }
  if (process.argv.length < 2) return complain(process, 'missing operand')
  yield* pause(total)
  return 0
}

export const timeout: Program = function* (process) {
  const { operands } = readOptions(process.argv.slice(1), 'sk', [], true)
  const ms = milliseconds(operands[0] ?? '')
  if (ms === undefined) return complain(process, `invalid number '${operands[0] ?? ''}'`)
  const result = yield* withTimeout(ms, process.run(operands.slice(1), {}))
  return result.timedOut ? (process.image.os === 'busybox' ? 143 : 124) : (result.value ?? 127)
}

export const env: Program = function* (process) {
  const { flags, operands, all } = readOptions(process.argv.slice(1), 'u', [], true)
  const environment: Record<string, string> = flags.has('i') ? {} : { ...process.environment }
  for (const [, name] of all) delete environment[name]
  let at = 0
  for (; operands[at]?.includes('='); at++) {
    const [name = '', ...value] = operands[at]!.split('=')
    environment[name] = value.join('=')
  }
  if (at < operands.length) {
    const code = yield* process.run(operands.slice(at), { environment })
    if (code !== undefined) return code
    complain(process, `can't execute '${operands[at]}': No such file or directory`)
    return 127
  }
  for (const [name, value] of Object.entries(environment)) process.stdout.write(`${name}=${value}\n`)
  return 0
}

export const printenv: Program = function* ({ argv, environment, stdout }) {
  const names = argv.slice(1)
  if (names.length === 0)
    for (const [name, value] of Object.entries(environment)) stdout.write(`${name}=${value}\n`)
  let code = 0
  for (const name of names) {
    if (environment[name] === undefined) code = 1
    else stdout.write(`${environment[name]}\n`)
  }
  return code
}

export const hostname: Program = function* ({ argv, hostname: name, network, stdout }) {
  const option = argv[1]
  stdout.write(`${option === '-i' || option === '-I' ? network.ips.join(' ') : name}\n`)
  return 0
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

export const date: Program = function* (process) {
  const { values, flags, operands } = readOptions(process.argv.slice(1), 'dr')
  const { now } = process.scope.sim
  const wanted = values.get('d') ?? values.get('date')
  const ms =
    wanted === undefined
      ? now
      : wanted.startsWith('@')
        ? Number(wanted.slice(1)) * 1000
        : Date.parse(wanted.includes('Z') ? wanted : `${wanted}Z`)
  if (Number.isNaN(ms)) return complain(process, `invalid date '${wanted}'`)
  const format = operands[0]?.startsWith('+') ? operands[0].slice(1) : undefined
  const iso = flags.has('I') || flags.has('Iseconds')
  process.stdout.write(`${formatDate(ms, format ?? (iso ? '%Y-%m-%d' : '%a %b %e %H:%M:%S UTC %Y'))}\n`)
  return 0
}

function formatDate(ms: number, format: string): string {
  const at = new Date(ms)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = DAYS[at.getUTCDay()]!
  const month = MONTHS[at.getUTCMonth()]!
  const startOfYear = Date.UTC(at.getUTCFullYear(), 0, 1)
  const hour = at.getUTCHours()
  const facts: Readonly<Record<string, string>> = {
    Y: String(at.getUTCFullYear()),
    y: two(at.getUTCFullYear() % 100),
    m: two(at.getUTCMonth() + 1),
    d: two(at.getUTCDate()),
    e: String(at.getUTCDate()).padStart(2),
    H: two(hour),
    I: two(hour % 12 || 12),
    M: two(at.getUTCMinutes()),
    S: two(at.getUTCSeconds()),
    p: hour < 12 ? 'AM' : 'PM',
    s: String(Math.floor(ms / 1000)),
    N: `${String(ms % 1000).padStart(3, '0')}000000`,
    a: day.slice(0, 3),
    A: day,
    b: month.slice(0, 3),
    h: month.slice(0, 3),
    B: month,
    j: String(Math.floor((ms - startOfYear) / 86_400_000) + 1).padStart(3, '0'),
    u: String(at.getUTCDay() || 7),
    Z: 'UTC',
    z: '+0000',
    F: at.toISOString().slice(0, 10),
    T: at.toISOString().slice(11, 19),
    R: at.toISOString().slice(11, 16),
    D: `${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}/${two(at.getUTCFullYear() % 100)}`,
    c: `${day.slice(0, 3)} ${month.slice(0, 3)} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)} ${at.getUTCFullYear()}`,
    n: '\n',
    t: '\t',
    '%': '%',
  }
  return format.replace(/%[-_0]?([a-zA-Z%])/g, (whole, letter: string) => facts[letter] ?? whole)
}

export const ps: Program = function* ({ argv, image, processes, scope, stdout, pid }) {
  const isBusybox = image.os === 'busybox' || image.os === 'alpine'
  const entries = processes
    .list()
    .map(entry => ({ id: entry.pid, command: entry.argv.join(' '), startedMs: entry.startedMs }))
  // A command that a shell runs in the foreground is listed too: this one.
  if (!entries.some(entry => entry.id === pid && /^(\/bin\/)?ps\b/.test(entry.command))) {
    entries.push({ id: (entries.at(-1)?.id ?? 0) + 1, command: argv.join(' '), startedMs: scope.sim.now })
  }
  stdout.write(
    isBusybox
      ? 'PID   USER     TIME  COMMAND\n'
      : 'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n',
  )
  for (const { id, command, startedMs } of entries) {
    if (isBusybox) stdout.write(`${String(id).padStart(5)} root      0:00 ${command}\n`)
    else {
      const start = new Date(startedMs).toISOString().slice(11, 16)
      stdout.write(
        `root  ${String(id).padStart(10)}  0.0  0.0   4364  3180 ?        Ss   ${start}   0:00 ${command}\n`,
      )
    }
  }
  return 0
}

export const kill: Program = function* (process) {
  const words = process.argv.slice(1)
  let signal = parseSignal('TERM')!
  if (words[0] === '-l') {
    process.stdout.write('HUP INT QUIT KILL USR1 USR2 TERM CONT STOP\n')
    return 0
  }
  const option =
    words[0] === '-s'
      ? words.splice(0, 2)[1]!
      : /^-./.test(words[0] ?? '')
        ? words.shift()!.slice(1)
        : undefined
  if (option !== undefined && option !== '0') {
    const wanted = parseSignal(option)
    if (!wanted) return complain(process, `bad signal name '${option}'`)
    signal = wanted
  }
  let code = 0
  for (const word of words) {
    const entry = process.processes.get(Number(word))
    if (!entry) code = complain(process, `can't kill pid ${word}: No such process`)
    else if (option !== '0') entry.signal(signal)
  }
  return code
}

export const pidof: Program = function* ({ argv, processes, stdout }) {
  const isPgrep = argv[0]?.endsWith('pgrep')
  const names = argv.slice(1).filter(word => !word.startsWith('-'))
  const found = processes.list().filter(entry => {
    const name = (entry.argv[0] ?? '').replace(/^.*\//, '')
    return names.some(wanted => (isPgrep ? entry.argv.join(' ').includes(wanted) : name === wanted))
  })
  if (found.length > 0) stdout.write(`${found.map(entry => entry.pid).join(isPgrep ? '\n' : ' ')}\n`)
  return found.length > 0 ? 0 : 1
}

export const id: Program = function* ({ argv, stdout, user }) {
  const name = (number: number) => (number === 0 ? '(root)' : number === 65_534 ? '(nobody)' : '')
  const { uid, gid } = user
  if (argv[1] === '-u') stdout.write(`${argv[2] === '-n' ? (uid === 0 ? 'root' : uid) : uid}\n`)
  else if (argv[1] === '-g') stdout.write(`${gid}\n`)
  else if (argv[1] === '-un') stdout.write(`${uid === 0 ? 'root' : uid}\n`)
  else stdout.write(`uid=${uid}${name(uid)} gid=${gid}${name(gid)} groups=${gid}${name(gid)}\n`)
  return 0
}

export const whoami: Program = function* (process) {
  const { uid } = process.user
  if (uid === 0 || uid === 65_534) process.stdout.write(uid === 0 ? 'root\n' : 'nobody\n')
  else return complain(process, `unknown uid ${uid}`)
  return 0
}

export const uname: Program = function* ({ argv, hostname: name, stdout }) {
  const letters = argv.slice(1).join('').replaceAll('-', '') || 's'
  const facts = {
    s: 'Linux',
    n: name,
    r: '6.1.0-kubarium',
    v: '#1 SMP PREEMPT_DYNAMIC',
    m: 'x86_64',
    o: 'GNU/Linux',
  }
  const order = letters.includes('a')
    ? (['s', 'n', 'r', 'v', 'm', 'o'] as const)
    : (['s', 'n', 'r', 'v', 'm', 'o'] as const).filter(letter => letters.includes(letter))
  stdout.write(`${order.map(letter => facts[letter]).join(' ')}\n`)
  return 0
}

export const which: Program = function* ({ argv, files, stdout }) {
  let code = 0
  for (const name of argv.slice(1).filter(word => !word.startsWith('-'))) {
    const found = name.includes('/')
      ? name
      : ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
          .map(place => `${place}/${name}`)
          .find(path => files.node(path).ok)
    if (found !== undefined && files.node(found).ok) stdout.write(`${found}\n`)
    else code = 1
  }
  return code
}

export const free: Program = function* ({ argv, memoryBytes, stdout }) {
  const unit = argv.includes('-m') ? 1_048_576 : argv.includes('-g') ? 1_073_741_824 : 1024
  const total = Math.floor(memoryBytes / unit)
  const used = Math.floor(total * 0.3)
  const cells = [total, used, total - used - Math.floor(total / 4), 0, Math.floor(total / 4), total - used]
  const row = (name: string, numbers: readonly number[]) =>
    `${name}${numbers.map(number => String(number).padStart(12)).join('')}\n`
  stdout.write('              total        used        free      shared  buff/cache   available\n')
  stdout.write(row('Mem:   ', cells))
  stdout.write(row('Swap:  ', [0, 0, 0]))
  return 0
}

export const uptime: Program = function* ({ processes, scope, stdout }) {
  const minutes = Math.floor((scope.sim.now - (processes.get(1)?.startedMs ?? scope.sim.now)) / 60_000)
  const time = new Date(scope.sim.now).toISOString().slice(11, 19)
  stdout.write(` ${time} up ${minutes} min,  0 users,  load average: 0.00, 0.00, 0.00\n`)
  return 0
}

export const nproc: Program = function* ({ stdout }) {
  stdout.write('2\n')
  return 0
}

export const xargs: Program = function* (process) {
  const { flags, values, operands } = readOptions(process.argv.slice(1), 'nILdP', [], true)
  const text = yield* readAll(process.stdin)
  const insert = values.get('I')
  const separator = flags.has('0') ? '\0' : insert !== undefined ? '\n' : /\s+/
  const items = text.split(separator).filter(item => item !== '')
  const command = operands.length > 0 ? operands : ['echo']
  const size =
    insert !== undefined ? 1 : Number(values.get('n') ?? values.get('L') ?? Math.max(1, items.length))
  let code = 0
  for (let i = 0; i < Math.max(items.length, flags.has('r') || insert !== undefined ? 0 : 1); i += size) {
    const batch = items.slice(i, i + size)
    const argv =
      insert === undefined ? [...command, ...batch] : command.map(word => word.replaceAll(insert, batch[0]!))
    const status = yield* process.run(argv, {})
    if (status === undefined) {
      complain(process, `${argv[0]}: No such file or directory`)
      return 127
    }
    if (status !== 0) code = 123
  }
  return code
}

export const nohup: Program = function* (process) {
  return (yield* process.run(process.argv.slice(1), {})) ?? 127
}

/** `tail`, which may follow: it looks once a second, after something has been written. */
export const tail: Program = function* (process) {
  const argv = process.argv.slice(1).map(word => (/^-\d+$/.test(word) ? `-n${word.slice(1)}` : word))
  const { flags, values, operands } = readOptions(argv, 'ncs')
  const isFollowing = flags.has('f') || flags.has('F')
  const count = values.get('n') ?? '10'
  let code = 0
  const pick = (text: string) => {
    if (values.has('c')) return text.slice(-Number(values.get('c')))
    const lines = linesOf(text)
    const kept = count.startsWith('+')
      ? lines.slice(Number(count) - 1)
      : Number(count) === 0
        ? []
        : lines.slice(-Number(count))
    return kept.map(line => `${line}\n`).join('')
  }
  if (operands.length === 0) {
    process.stdout.write(pick(yield* readAll(process.stdin)))
    return 0
  }
  for (const [i, path] of operands.entries()) {
    const content = process.files.read(pathOf(process, path))
    if (!content.ok) {
      code = complain(process, `can't open '${path}': ${content.error}`)
      continue
    }
    if (operands.length > 1) process.stdout.write(`${i > 0 ? '\n' : ''}==> ${path} <==\n`)
    process.stdout.write(pick(content.value))
  }
  if (!isFollowing) return code
  if (code !== 0 && operands.length === 1) {
    complain(process, 'no files')
    return code
  }
  return yield* follow(process, pathOf(process, operands.at(-1)!))
}

const POLL_MS = 1000

function* follow(process: ContainerProcess, path: string): ReturnType<Program> {
  const opened = process.files.node(path)
  if (!opened.ok || opened.value.type !== 'file') {
    yield* callback(() => {})
    return 0
  }
  const file = opened.value
  const beganMs = process.scope.sim.now
  let shown = file.content.length
  for (;;) {
    if (file.content.length === shown) {
      yield* callback<void>(done => {
        const listener = () => {
          file.listeners?.delete(listener)
          done(undefined)
        }
        file.listeners ??= new Set()
        file.listeners.add(listener)
      })
      yield* pause(POLL_MS - ((process.scope.sim.now - beganMs) % POLL_MS))
    }
    if (file.content.length < shown) shown = 0
    process.stdout.write(file.content.slice(shown))
    shown = file.content.length
    yield* process.stdout.drain()
  }
}
