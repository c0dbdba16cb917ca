/**
 * One served cluster for all cases, as a person starts it (`kubarium serve --port 0`), and every kubectl that this
 * machine has. Each set of cases gets a namespace and a kubeconfig of its own, so that sets do not meet.
 */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** One line as a person types it, and what must come of it. */
export interface Case {
  readonly name: string
  /** A line for bash; `kubectl` in it is the version under test. */
  readonly run: string
  /** 0 unless given. */
  readonly exit?: number
  /** What standard output must be (a text, without the last line's end), or match. */
  readonly stdout?: string | RegExp
  /** What standard error must have in it, or match. */
  readonly stderr?: string | RegExp
  /** Versions whose kubectl can do it at all: `1.30` and newer. */
  readonly since?: string
  /** Tried again until it holds, for what a controller does in its own time; milliseconds of real time. */
  readonly withinMs?: number
}

/** Cases that are run one after the other in one namespace. */
export interface CaseSet {
  readonly name: string
  /** Also run by `npm test`, with one kubectl. */
  readonly isFast: boolean
  readonly cases: readonly Case[]
}

export interface Kubectl {
  readonly path: string
  /** `1.33` */
  readonly version: string
}

/** Every kubectl: on PATH, and beside where those really are. Oldest first, one a version. */
export function findKubectls(): Kubectl[] {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const onPath = folders.map(folder => join(folder, 'kubectl')).filter(isExecutable)
  const candidates = onPath.flatMap(path => {
    const folder = dirname(realpathSync(path))
    const beside = readdirSync(folder).filter(name => /^kubectl(\.\d+\.\d+)?$/.test(name))
    return [path, ...beside.map(name => join(folder, name))]
  })
  const found = new Map<string, Kubectl>()
  for (const path of new Set(candidates)) {
    const { stdout } = spawnSync(path, ['version', '--client', '-o', 'json'], { encoding: 'utf8' })
    const version = /"gitVersion": "v(\d+\.\d+)/.exec(stdout ?? '')?.[1]
    if (version && !found.has(version)) found.set(version, { path, version })
  }
  return [...found.values()].sort((a, b) => minorOf(a.version) - minorOf(b.version))
}

export const NO_KUBECTL =
  'no kubectl is installed: `apt-get install kubernetes-client` (Debian), or put one from https://kubernetes.io/docs/tasks/tools on the PATH'

export const minorOf = (version: string) => Number(version.split('.')[1])

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** What a line gave. */
export interface Outcome {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** A cluster that is served by a process of its own, at ten times the speed of life. */
export class Served {
  readonly folder: string
  readonly kubeconfig: string
  readonly #process: ChildProcess

  private constructor(folder: string, process: ChildProcess) {
    this.folder = folder
    this.kubeconfig = join(folder, 'kubeconfig')
    this.#process = process
  }

  static async start(...flags: readonly string[]): Promise<Served> {
    const folder = mkdtempSync(join(tmpdir(), 'kubarium-conformance-'))
    const line = ['--import', 'tsx', 'src/cli/kubarium.ts', 'serve', '--port', '0', '--speed', '10x']
    const server = spawn(process.execPath, [...line, '--kubeconfig', join(folder, 'kubeconfig'), ...flags], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const served = new Served(folder, server)
    let said = ''
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        said += String(chunk)
        if (said.includes('Kubernetes is at')) resolve()
      }
      server.stdout.on('data', hear)
      server.stderr.on('data', hear)
      server.once('exit', code => reject(new Error(`serve ended with ${code}: ${said}`)))
    })
    return served
  }

  /** Ends the server and says how it ended: its exit code. */
  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>(resolve => this.#process.once('exit', resolve))
    this.#process.kill('SIGTERM')
    const code = await ended
    rmSync(this.folder, { recursive: true, force: true })
    return code
  }

  /** A shell in a namespace of its own, with `kubectl` being the given one. */
  async shell(kubectl: Kubectl, namespace: string): Promise<(line: string) => Promise<Outcome>> {
    const home = join(this.folder, namespace)
    const bin = join(home, 'bin')
    mkdirSync(bin, { recursive: true })
    symlinkSync(kubectl.path, join(bin, 'kubectl'))
    const kubeconfig = join(home, 'kubeconfig')
    const text = readFileSync(this.kubeconfig, 'utf8')
    writeFileSync(kubeconfig, text.replace(/^(\s+)cluster: .*$/m, `$&\n$1namespace: ${namespace}`), {
      mode: 0o600,
    })
    const env = {
      ...process.env,
      HOME: home,
      KUBECONFIG: kubeconfig,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      NS: namespace,
    }
    const run = (line: string) =>
      new Promise<Outcome>(resolve => {
        const options = { cwd: home, env, timeout: 60_000, maxBuffer: 32 * 1024 * 1024 }
        execFile('bash', ['-c', line], options, (error, stdout, stderr) => {
          const exit = error ? (typeof error.code === 'number' ? error.code : 124) : 0
          resolve({ exit, stdout, stderr })
        })
      })
    const made = await run(`kubectl create namespace ${namespace}`)
    if (made.exit !== 0) throw new Error(`no namespace for the cases: ${made.stderr}`)
    return run
  }
}

/** What is wrong with an outcome, in words; undefined when it is as it must be. */
export function wrongWith(wanted: Case, outcome: Outcome): string | undefined {
  const { exit, stdout, stderr } = outcome
  const problems: string[] = []
  if (exit !== (wanted.exit ?? 0)) problems.push(`exit code ${exit}, not ${wanted.exit ?? 0}`)
  const out = stdout.replace(/\n$/, '')
  if (typeof wanted.stdout === 'string' ? out !== wanted.stdout : wanted.stdout && !wanted.stdout.test(out)) {
    problems.push(`standard output is not ${String(wanted.stdout)}`)
  }
  const { stderr: said } = wanted
  if (typeof said === 'string' ? !stderr.includes(said) : said && !said.test(stderr)) {
    problems.push(`standard error is not ${String(said)}`)
  }
  if (problems.length === 0) return undefined
  return `${wanted.run}\n${problems.join('; ')}\nstdout: ${stdout.slice(0, 3000)}\nstderr: ${stderr.slice(0, 3000)}`
}
