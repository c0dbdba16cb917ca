/**
 * `kubarium serve`: a cluster behind a real HTTPS port, for kubectl and everything else that speaks to Kubernetes.
 */
import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { parseYaml } from '../../api/index.ts'
import { ADDONS, Cluster, type ClusterOptions } from '../../cluster/index.ts'
import type { Lesson } from '../../scenario/index.ts'
import {
  CertificateAuthority,
  checkKubeconfig,
  rsaTokenSigner,
  type ServedCluster,
  type Speed,
  serve,
  usualKubeconfig,
  writeKubeconfig,
} from '../../server/index.ts'
import { UserError } from '../../sim/index.ts'
import { EXIT } from '../exit-codes.ts'
import { wholeNumber } from '../options.ts'
import { openLesson } from '../run/play-file.ts'
import { nodeSha256 } from '../sha256.ts'

interface ServeFlags {
  readonly nodes?: number
  readonly config?: string
  readonly port: number
  readonly bind: string
  readonly seed?: number
  readonly speed: Speed
  readonly scenario?: string
  readonly kubeconfig?: string
  readonly nodePorts: boolean
  readonly dnsPort?: number
}

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('serve a cluster to kubectl and other real clients')
    .option('--nodes <n>', 'nodes of the cluster (default: 3)', wholeNumber)
    .option('--config <file>', "the cluster's configuration, YAML or JSON")
    .option('--port <port>', 'port of the API server, 0 for any', portNumber, 6443)
    .option('--bind <address>', 'address to listen on', '127.0.0.1')
    .option('--seed <n>', 'seed of the run', wholeNumber)
    .option('--speed <speed>', 'of virtual time: realtime, 10x, max', readSpeed, 1)
    .option('--scenario <file>', 'play a scenario on the served cluster')
    .option('--dns-port <port>', 'port on which cluster DNS answers, 0 for any (default: none)', portNumber)
    .option('--no-node-ports', 'do not listen on the node ports of Services')
    .option('--kubeconfig <path>', 'where to write the kubeconfig (default: ~/.kube/kubarium.yaml)')
    .action(async (flags: ServeFlags) => {
      process.exitCode = await run(flags)
    })
}

/** Serves until told to stop. Gives the exit code. */
async function run(flags: ServeFlags): Promise<number> {
  const path = flags.kubeconfig ?? usualKubeconfig()
  checkKubeconfig(path)
  const authority = await CertificateAuthority.create(Date.now())
  const { cluster, lesson } = build(flags, authority.certificate)
  let isBroken = false
  const ended = endOfProcess()
  const served = await serve({
    cluster,
    authority,
    port: flags.port,
    bind: flags.bind,
    speed: flags.speed,
    hasNodePorts: flags.nodePorts,
    ...(flags.dnsPort !== undefined && { dnsPort: flags.dnsPort }),
    warned: line => process.stderr.write(`warning: ${line}\n`),
    ...(lesson && { playable: { step: untilMs => lesson.step(untilMs), hasStopped: () => false } }),
    failed: error => {
      isBroken = true
      process.stderr.write(
        `bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      )
      ended.end()
    },
  })
  try {
    writeKubeconfig(path, served.kubeconfig)
    greet(served, path)
    await ended.promise
  } finally {
    await served.close()
  }
  return isBroken ? EXIT.bug : EXIT.held
}

function build(
  flags: ServeFlags,
  certificateAuthority: string,
): { cluster: Cluster; lesson: Lesson | undefined } {
  if (flags.scenario !== undefined) {
    if (flags.nodes !== undefined || flags.config !== undefined) {
      throw new UserError('a scenario brings its own cluster', {
        where: '--scenario',
        mend: 'Leave --nodes and --config out.',
      })
    }
    const lesson = openLesson(flags.scenario, flags.seed)
    return { cluster: lesson.cluster, lesson }
  }
  if (flags.nodes !== undefined && flags.config !== undefined) {
    throw new UserError('the nodes are in the configuration', {
      where: '--config',
      mend: 'Leave --nodes out.',
    })
  }
  const options: ClusterOptions = {
    // Ages and deadlines that real clients work out for themselves are right only if the clocks agree.
    startMs: Date.now(),
    managedFields: 'all',
    authorization: 'RBAC',
    certificateAuthority,
    ...(flags.config === undefined ? { nodes: flags.nodes ?? 3 } : readConfig(flags.config)),
    ...(flags.seed !== undefined && { seed: flags.seed }),
  }
  const cluster = Cluster.create(options, { sha256: nodeSha256, tokenSigner: rsaTokenSigner() })
  cluster.kubectl('create -f addons.yaml', { 'addons.yaml': ADDONS })
  return { cluster, lesson: undefined }
}

function readConfig(file: string): ClusterOptions {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new UserError(`it cannot be read (${code})`, { where: file, mend: 'Name a YAML or JSON file.' })
  }
  const value = parseYaml(file, text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError('it is no configuration', { where: file, mend: 'Write `nodes: 3`, for example.' })
  }
  return value as ClusterOptions
}

function greet({ url, dnsPort }: ServedCluster, path: string): void {
  process.stdout.write(`Kubernetes is at ${url}; end with Ctrl-C. In another terminal:\n\n`)
  process.stdout.write(
    `  export KUBECONFIG=${/^[\w./~-]+$/.test(path) ? path : JSON.stringify(path)}\n  kubectl get nodes\n\n`,
  )
  if (dnsPort !== undefined) {
    const name = 'kubernetes.default.svc.cluster.local'
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
    process.stdout.write(`Cluster DNS is at port ${dnsPort}:\n\n  dig @${host} -p ${dnsPort} ${name}\n\n`)
  }
}

/** A promise that SIGINT and SIGTERM keep, or `end`. */
function endOfProcess(): { readonly promise: Promise<void>; end(): void } {
  let end = () => {}
  const promise = new Promise<void>(resolve => {
    end = resolve
  })
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  return { promise, end: () => end() }
}

function portNumber(text: string): number {
  const port = wholeNumber(text)
  if (port > 65_535) throw new InvalidArgumentError('ports go up to 65535')
  return port
}

function readSpeed(text: string): Speed {
  if (text === 'max') return 'max'
  if (text === 'realtime') return 1
  const match = /^(\d+(?:\.\d+)?)x$/.exec(text)
  const factor = Number(match?.[1])
  if (!match || factor <= 0 || factor > MOST_SPEED) {
    throw new InvalidArgumentError(`write realtime, max, or a factor such as 10x (up to ${MOST_SPEED}x)`)
  }
  return factor
}

const MOST_SPEED = 10_000
