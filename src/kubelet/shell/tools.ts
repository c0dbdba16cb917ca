/** The small tools of busybox that scripts in manifests use, each a routine that gives its exit code. */
import { callback, type Routine, sleep } from '../../sim/index.ts'
import type { ContainerProcess } from '../program.ts'

interface ToolContext {
  readonly container: ContainerProcess
  readonly print: (line: string) => void
  readonly fail: (line: string) => void
}

export type Tool = (context: ToolContext, argv: readonly string[]) => Routine<number>

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export const TOOLS: Readonly<Record<string, Tool>> = {
  *true() {
    return 0
  },
  *':'() {
    return 0
  },
  *false() {
    return 1
  },
  *echo({ print }, argv) {
    const words = argv[0] === '-n' || argv[0] === '-e' ? argv.slice(1) : argv
    print(
      argv[0] === '-e' ? words.join(' ').replaceAll('\\n', '\n').replaceAll('\\t', '\t') : words.join(' '),
    )
    return 0
  },
  *printf({ print }, [format = '', ...argv]) {
    let at = 0
    const text = format
      .replace(/%[sd]/g, () => argv[at++] ?? '')
      .replaceAll('\\n', '\n')
      .replaceAll('\\t', '\t')
    print(text.replace(/\n$/, ''))
    return 0
  },
  *sleep({ fail }, argv) {
    let ms = 0
    for (const text of argv) {
      if (text === 'infinity' || text === 'inf') yield* callback(() => {})
      const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text)
      if (!match) {
        fail(`sleep: invalid number '${text}'`)
        return 1
      }
      ms += Math.round(Number(match[1]) * UNIT_MS[match[2] || 's']!)
    }
    yield* sleep(ms)
    return 0
  },
  *cat({ container, print, fail }, argv) {
    let code = 0
    for (const path of argv) {
      const text = container.files.get(path)
      if (text === undefined) {
        fail(`cat: can't open '${path}': No such file or directory`)
        code = 1
      } else if (text !== '') print(text.replace(/\n$/, ''))
    }
    return code
  },
  *touch({ container }, argv) {
    for (const path of argv) if (!container.files.has(path)) container.files.set(path, '')
    return 0
  },
  *mkdir() {
    return 0
  },
  *rm({ container, fail }, argv) {
    const isForced = argv.some(argument => /^-\w*f/.test(argument))
    let code = 0
    for (const path of argv.filter(argument => !argument.startsWith('-'))) {
      if (container.files.delete(path)) continue
      const inside = [...container.files.keys()].filter(file => file.startsWith(`${path}/`))
      for (const file of inside) container.files.delete(file)
      if (inside.length > 0 || isForced) continue
      fail(`rm: can't remove '${path}': No such file or directory`)
      code = 1
    }
    return code
  },
  *ls({ container, print, fail }, argv) {
    const path = argv.find(argument => !argument.startsWith('-')) ?? '/'
    if (container.files.has(path)) {
      print(path)
      return 0
    }
    const prefix = path.endsWith('/') ? path : `${path}/`
    const names = new Set<string>()
    for (const file of container.files.keys()) {
      if (file.startsWith(prefix)) names.add(file.slice(prefix.length).split('/')[0]!)
    }
    if (names.size === 0 && path !== '/') {
      fail(`ls: ${path}: No such file or directory`)
      return 1
    }
    for (const name of [...names].sort()) print(name)
    return 0
  },
  *test(context, argv) {
    return testExpression(context, argv)
  },
  *'['(context, argv) {
    return testExpression(context, argv.slice(0, -1))
  },
  *hostname({ container, print }, argv) {
    print(argv[0] === '-i' || argv[0] === '-I' ? container.network.ips.join(' ') : container.hostname)
    return 0
  },
  *date({ container, print }, argv) {
    const date = new Date(container.scope.sim.now)
    if (argv.some(argument => argument.includes('%s')))
      print(String(Math.floor(container.scope.sim.now / 1000)))
    else {
      const [day, dayOfMonth, month, year, time] = date.toUTCString().replace(',', '').split(' ')
      print(`${day} ${month} ${Number(dayOfMonth).toString().padStart(2)} ${time} UTC ${year}`)
    }
    return 0
  },
  *env({ container, print }) {
    for (const [name, value] of Object.entries(container.environment)) print(`${name}=${value}`)
    return 0
  },
  *printenv({ container, print }, argv) {
    if (argv[0] === undefined) {
      for (const [name, value] of Object.entries(container.environment)) print(`${name}=${value}`)
      return 0
    }
    const value = container.environment[argv[0]]
    if (value !== undefined) print(value)
    return value === undefined ? 1 : 0
  },
  *seq({ print }, argv) {
    const [first, last] = argv.length === 1 ? [1, Number(argv[0])] : [Number(argv[0]), Number(argv.at(-1))]
    for (let i = first; i <= Math.min(last, first + 9_999); i++) print(String(i))
    return 0
  },
  *pwd({ print }) {
    print('/')
    return 0
  },
  *id({ print }) {
    print('uid=0(root) gid=0(root) groups=0(root)')
    return 0
  },
  *uname({ print }) {
    print('Linux')
    return 0
  },
  *tail({ container, print, fail }, argv) {
    const path = argv.find(argument => argument.startsWith('/'))
    if (path !== undefined && path !== '/dev/null') {
      const text = container.files.get(path)
      if (text === undefined) {
        fail(`tail: can't open '${path}': No such file or directory`)
        return 1
      }
      print(text.replace(/\n$/, '').split('\n').slice(-10).join('\n'))
    }
    if (argv.some(argument => /^-\w*[fF]/.test(argument))) yield* callback(() => {})
    return 0
  },
  *wget(context, argv) {
    return yield* download(context, argv, 'wget')
  },
  *curl(context, argv) {
    return yield* download(context, argv, 'curl')
  },
}

function testExpression({ container }: ToolContext, argv: readonly string[]): number {
  if (argv[0] === '!') return testExpression({ container } as ToolContext, argv.slice(1)) === 0 ? 1 : 0
  const isTrue = (value: boolean) => (value ? 0 : 1)
  if (argv.length === 3) {
    const [left = '', operator, right = ''] = argv
    if (operator === '=' || operator === '==') return isTrue(left === right)
    if (operator === '!=') return isTrue(left !== right)
    const [a, b] = [Number(left), Number(right)]
    const compared = {
      '-eq': a === b,
      '-ne': a !== b,
      '-lt': a < b,
      '-le': a <= b,
      '-gt': a > b,
      '-ge': a >= b,
    }
    return operator! in compared ? isTrue(compared[operator as keyof typeof compared]) : 2
  }
  const [operator, operand = ''] = argv.length === 2 ? argv : ['-n', argv[0]]
  const content = container.files.get(operand)
  const hasChildren = () => [...container.files.keys()].some(file => file.startsWith(`${operand}/`))
  if (operator === '-n') return isTrue(operand !== '')
  if (operator === '-z') return isTrue(operand === '')
  if (operator === '-f') return isTrue(content !== undefined)
  if (operator === '-e') return isTrue(content !== undefined || hasChildren())
  if (operator === '-d') return isTrue(hasChildren())
  if (operator === '-s') return isTrue(content !== undefined && content !== '')
  return 2
}

function* download(
  { container, print, fail }: ToolContext,
  argv: readonly string[],
  tool: string,
): Routine<number> {
  const text = argv.find(
    (argument, i) => !argument.startsWith('-') && !/^-[oOT]$|^-m$/.test(argv[i - 1] ?? ''),
  )
  const url = /^(?:https?:\/\/)?([^/:]+)(?::(\d+))?(\/.*)?$/.exec(text ?? '')
  if (!url) {
    fail(tool === 'wget' ? 'wget: bad address' : 'curl: no URL specified')
    return tool === 'wget' ? 1 : 2
  }
  const [, host = '', port = '80', path = '/'] = url
  const result = yield* container.request(host, Number(port), {
    protocol: 'http',
    method: 'GET',
    path,
    headers: { host: port === '80' ? host : `${host}:${port}`, 'user-agent': tool },
    body: '',
    clientIp: container.network.ips[0] ?? '',
  })
  if (!result.ok) {
    const isUnknown = result.error.includes('no such host')
    if (tool === 'wget')
      fail(isUnknown ? `wget: bad address '${host}'` : `wget: can't connect to remote host: ${result.error}`)
    else
      fail(
        isUnknown
          ? `curl: (6) Could not resolve host: ${host}`
          : `curl: (7) Failed to connect to ${host} port ${port}: ${result.error}`,
      )
    return tool === 'wget' ? 1 : isUnknown ? 6 : 7
  }
  const { response } = result
  if (response.protocol === 'http' && response.status >= 400 && tool === 'wget') {
    fail(`wget: server returned error: HTTP/1.1 ${response.status}`)
    return 1
  }
  const body = response.protocol === 'http' ? response.body : response.data
  if (body !== '') print(body.replace(/\n$/, ''))
  return 0
}
