/**
 * A redis of a few commands (PING, GET, SET, APPEND, INCR, DEL, RPUSH, LRANGE, INFO), one inline command a
 * request. A follower asks its leader for everything once a connection is first used, and again for each read:
 * replication without a stream.
 */
import { type Routine, sleep } from '../sim/index.ts'
import type { AppRequest, AppResponse } from './container-network.ts'
import type { ContainerProcess, Program } from './program.ts'

export interface RedisLeader {
  readonly host: string
  readonly port: number
}

const PORT = 6379

/** A server; `findLeader` gives whom it follows, if anybody. */
export function redisServer(
  findLeader: (
    argv: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) => RedisLeader | undefined,
): Program {
  return function* run(container: ContainerProcess): Routine<number> {
    yield* sleep(50)
    const leader = findLeader(container.argv, container.environment)
    const store = new Map<string, string>()
    const serve = (request: AppRequest, reply: (response: AppResponse) => void) => {
      const line = request.protocol === 'tcp' ? request.data : ''
      const isRead = /^(get|lrange)\b/i.test(line)
      if (!leader) reply(tcp(execute(store, line, 'master')))
      else if (!isRead) {
        const isHarmless = /^(ping|info)?$/i.test(line.trim())
        reply(
          tcp(
            isHarmless
              ? execute(store, line, 'slave')
              : "-READONLY You can't write against a read only replica.",
          ),
        )
      } else {
        const label = container.scope.sim.label('redis/replicate')
        container.scope.spawn(label, ask(container, leader, line), answer => reply(tcp(answer)))
      }
    }
    if (!container.listen(PORT, { serve })) {
      container.logError(
        `Warning: Could not create server TCP listening socket *:${PORT}: bind: Address already in use`,
      )
      return 1
    }
    container.log('* Ready to accept connections')
    if (leader) container.log(`* Connecting to MASTER ${leader.host}:${leader.port}`)
    yield* container.terminated()
    container.log('# User requested shutdown...')
    yield* sleep(30)
    return 0
  }
}

function* ask(container: ContainerProcess, leader: RedisLeader, line: string): Routine<string> {
  const clientIp = container.network.ips[0] ?? ''
  const result = yield* container.request(leader.host, leader.port, { protocol: 'tcp', data: line, clientIp })
  if (!result.ok || result.response.protocol !== 'tcp') {
    return '-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to no.'
  }
  return result.response.data
}

const tcp = (data: string): AppResponse => ({ protocol: 'tcp', data })

/** One inline command; answers as redis-cli would be sent them (RESP without the line ends). */
function execute(store: Map<string, string>, line: string, role: 'master' | 'slave'): string {
  const [command = '', key = '', ...rest] = line.trim().split(/\s+/)
  const value = rest.join(' ')
  switch (command.toUpperCase()) {
    case '':
      return ''
    case 'PING':
      return '+PONG'
    case 'INFO':
      return `role:${role}`
    case 'GET':
      return store.get(key) ?? '$-1'
    case 'SET':
      store.set(key, value)
      return '+OK'
    case 'DEL':
      return `:${store.delete(key) ? 1 : 0}`
    case 'INCR': {
      const next = Number(store.get(key) ?? 0) + 1
      store.set(key, String(next))
      return `:${next}`
    }
    case 'APPEND':
      store.set(key, (store.get(key) ?? '') + value)
      return `:${store.get(key)!.length}`
    case 'RPUSH': {
      const list = store.get(key)
      store.set(key, list === undefined ? value : `${list}\n${value}`)
      return `:${store.get(key)!.split('\n').length}`
    }
    case 'LRANGE':
      return store.get(key) ?? ''
    default:
      return `-ERR unknown command '${command}'`
  }
}
