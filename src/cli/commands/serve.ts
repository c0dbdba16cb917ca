/**
 * `kubarium serve`: a cluster behind a real HTTPS port, for kubectl and everything else that speaks to Kubernetes.
 */
import { type Command, InvalidArgumentError } from 'commander'
import {
  CertificateAuthority,
  checkKubeconfig,
  type ServedCluster,
  type Speed,
  serve,
  serverReplaced,
  usualKubeconfig,
  writeKubeconfig,
} from '../../server/index.ts'
import { UserError } from '../../sim/index.ts'
import { EXIT } from '../exit-codes.ts'
import { wholeNumber } from '../options.ts'
import { buildCluster, type Wanted } from '../serve/build-cluster.ts'
import { playedLesson } from '../serve/lesson-under-way.ts'

interface ServeFlags extends Wanted {
  readonly port: number
  readonly bind: string
  readonly speed: Speed
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
  try {
    return await serveUntilEnd(flags)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    tell(`${[error.where, error.message].filter(Boolean).join(': ')}. ${error.mend ?? ''}`.trim())
    return EXIT.unusable
  }
}

async function serveUntilEnd(flags: ServeFlags): Promise<number> {
  // Whoever reads the greeting may go; the server stays.
  process.stdout.removeAllListeners('error').on('error', () => {})
  process.stderr.on('error', () => {})
  const path = flags.kubeconfig ?? usualKubeconfig()
  checkKubeconfig(path)
  const authority = await CertificateAuthority.create(Date.now())
  const wanted = { ...flags, certificateAuthority: authority.certificate }
  const { cluster, lesson } = buildCluster(wanted, why =>
    tell(`${why}; the cluster goes on, but its run can no longer be replayed or rewound`),
  )
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
    ...(lesson && { playable: playedLesson(lesson, text => process.stderr.write(text)) }),
    failed: error => {
      isBroken = true
      process.stderr.write(
        `bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      )
      ended.end()
    },
  })
  try {
    const other = await serverReplaced(path, served.url)
    writeKubeconfig(path, served.kubeconfig)
    if (other) tell(`${path} led to ${other}, where another kubarium still serves; it leads here now`)
    greet(served, path)
    await ended.promise
  } finally {
    await served.close()
  }
  return isBroken ? EXIT.bug : EXIT.held
}

function tell(line: string): void {
  process.stderr.write(`kubarium: ${line}\n`)
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

/** A promise that SIGINT, SIGTERM and SIGHUP keep, or `end`. */
function endOfProcess(): { readonly promise: Promise<void>; end(): void } {
  let end = () => {}
  const promise = new Promise<void>(resolve => {
    end = resolve
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, end)
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
