/**
 * `gcr.io/google-samples/cassandra`: nodes that find each other through their seed (`CASSANDRA_SEEDS`) and tell who is
 * up, with `nodetool status|drain|version` and the sample's `/ready-probe.sh`. Simplified: keeps no data.
 */
import { hash32, hashName, type Routine, sleep } from '../../sim/index.ts'
import type { AppRequest, AppResponse } from '../container-network.ts'
import type { ContainerProcess, Image } from '../program.ts'

const GOSSIP_PORT = 7000
const JMX_PORT = 7199
const CQL_PORT = 9042
const GOSSIP_MS = 5000
/** The virtual machine, and the commit log. */
const STARTUP_MS = 9000

interface Peer {
  readonly name: string
  readonly address: string
  isUp: boolean
}

const tcp = (data: string): AppResponse => ({ protocol: 'tcp', data })

/** Its peers by name: a pod that comes again with another address is the same node of the ring. */
class Ring {
  readonly peers = new Map<string, Peer>()
  isDrained = false

  meet(text: string): void {
    for (const one of text.split(' ').filter(Boolean)) {
      const [name = '', address = ''] = one.split('@')
      if (this.peers.get(name)?.address !== address) this.peers.set(name, { name, address, isUp: true })
    }
  }

  toString(): string {
    return [...this.peers.values()].map(({ name, address }) => `${name}@${address}`).join(' ')
  }
}

function* ask(
  container: ContainerProcess,
  host: string,
  port: number,
  data: string,
): Routine<string | undefined> {
  const clientIp = container.network.ips[0] ?? ''
  const result = yield* container.request(host, port, { protocol: 'tcp', data, clientIp })
  return result.ok && result.response.protocol === 'tcp' ? result.response.data : undefined
}

function* gossip(container: ContainerProcess, ring: Ring, seeds: readonly string[]): Routine<void> {
  for (;;) {
    for (const seed of seeds) ring.meet((yield* ask(container, seed, GOSSIP_PORT, ring.toString())) ?? '')
    for (const peer of [...ring.peers.values()]) {
      if (peer.name === container.hostname) continue
      const said = yield* ask(container, peer.address, GOSSIP_PORT, ring.toString())
      peer.isUp = said !== undefined
      ring.meet(said ?? '')
    }
    yield* sleep(GOSSIP_MS)
  }
}

/** As `nodetool status` prints the ring. */
function statusText({ environment }: ContainerProcess, ring: Ring): string {
  const center = `Datacenter: ${environment.CASSANDRA_DC ?? 'datacenter1'}`
  const peers = [...ring.peers.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const width = Math.max(...peers.map(({ address }) => address.length), 7)
  const owns = `${(100 / peers.length).toFixed(1)}%`
  return [
    center,
    '='.repeat(center.length),
    'Status=Up/Down',
    '|/ State=Normal/Leaving/Joining/Moving',
    `--  ${'Address'.padEnd(width)}  Load       Tokens       Owns (effective)  Host ID                               Rack`,
    ...peers.map(({ name, address, isUp }) => {
      const load = `${(70 + (hashName(name) % 400) / 10).toFixed(2)} KiB`
      const rack = environment.CASSANDRA_RACK ?? 'rack1'
      return `${isUp ? 'U' : 'D'}N  ${address.padEnd(width)}  ${load.padEnd(9)}  32           ${owns.padEnd(16)}  ${hostId(name)}  ${rack}`
    }),
    '',
  ].join('\n')
}

/** Kept in the node's data in reality; here it follows from its name. */
function hostId(name: string): string {
  const hex = (salt: number) => hash32(salt, hashName(name)).toString(16).padStart(8, '0')
  return `${hex(1)}-${hex(2).slice(0, 4)}-4${hex(3).slice(0, 3)}-a${hex(4).slice(0, 3)}-${hex(5)}${hex(6).slice(0, 4)}`
}

function* cassandra(container: ContainerProcess): Routine<number> {
  const { environment, hostname, scope } = container
  const own = environment.POD_IP ?? container.network.ips[0] ?? ''
  const seeds = (environment.CASSANDRA_SEEDS ?? '').split(',').filter(Boolean)
  const ring = new Ring()
  ring.meet(`${hostname}@${own}`)
  const line = (text: string) => {
    const time = new Date(scope.sim.now).toISOString().slice(11, 19)
    container.log(`INFO  ${time} ${text}`)
  }
  container.log(`Starting Cassandra on ${own}`)
  container.log(`CASSANDRA_SEEDS ${seeds.join(',')}`)
  yield* sleep(STARTUP_MS)
  const answer = (request: AppRequest, reply: (response: AppResponse) => void) => {
    const said = request.protocol === 'tcp' ? request.data : ''
    ring.meet(said)
    reply(tcp(ring.toString()))
  }
  const manage = (request: AppRequest, reply: (response: AppResponse) => void) => {
    if (request.protocol === 'tcp' && request.data === 'drain') {
      ring.isDrained = true
      line('DRAINED')
    }
    reply(tcp(ring.isDrained ? '' : statusText(container, ring)))
  }
  const silent = { serve: (_: AppRequest, reply: (response: AppResponse) => void) => reply(tcp('')) }
  for (const [port, endpoint] of [
    [GOSSIP_PORT, { serve: answer }],
    [JMX_PORT, { serve: manage }],
    [CQL_PORT, silent],
  ] as const) {
    if (container.listen(port, endpoint)) continue
    container.logError(`Address already in use: ${own}:${port}`)
    return 3
  }
  line(`Node /${own} state jump to NORMAL`)
  line(`Starting listening for CQL clients on /0.0.0.0:${CQL_PORT} (unencrypted)...`)
  scope.spawn(scope.sim.label('container/cassandra'), gossip(container, ring, seeds))
  yield* container.terminated()
  yield* sleep(500)
  return 143
}

/** Asks the node over JMX. */
function* nodetool(container: ContainerProcess): Routine<number> {
  const command = container.argv[1] ?? 'help'
  if (command === 'version') {
    container.log('ReleaseVersion: 3.11.2')
    return 0
  }
  if (command !== 'status' && command !== 'drain') {
    container.logError(`nodetool: Found unexpected parameters: [${command}]`)
    return 1
  }
  const said = yield* ask(container, '127.0.0.1', JMX_PORT, command)
  if (said === undefined) {
    container.logError(
      `nodetool: Failed to connect to '127.0.0.1:${JMX_PORT}' - ConnectException: 'Connection refused (Connection refused)'.`,
    )
    return 1
  }
  if (command === 'status' && said !== '') container.log(said)
  return 0
}

/** Ready once its own line says that it is up and normal. */
function* readyProbe(container: ContainerProcess): Routine<number> {
  const said = yield* ask(container, '127.0.0.1', JMX_PORT, 'status')
  const own = `${container.environment.POD_IP ?? container.network.ips[0] ?? ''} `
  return said?.split('\n').some(line => line.startsWith('UN') && line.includes(own)) ? 0 : 1
}

export const image: Image = {
  repositories: ['gcr.io/google-samples/cassandra', 'gcr.io/google_samples/cassandra'],
  sizeBytes: 59_000_000,
  entrypoint: [],
  command: ['/usr/bin/dumb-init', '/bin/bash', '/run.sh'],
  programs: { 'dumb-init': cassandra, 'run.sh': cassandra, nodetool, 'ready-probe.sh': readyProbe },
  hasShell: true,
  os: 'debian',
  idleUsage: { cpuMilli: 30, memoryBytes: 650_000_000 },
}
