/**
 * The guestbook's web page: `/guestbook.php?cmd=get|set&key=K&value=V` reads from the redis followers and
 * writes to the leader, found by DNS or, with GET_HOSTS_FROM=env, by environment.
 */
import type { Routine } from '../../sim/index.ts'
import { type AppRequest, type AppResponse, httpResponse } from '../container-network.ts'
import type { ContainerProcess, Image } from '../program.ts'
import { server } from '../server.ts'

const HOME = '<html ng-app="redis">\n  <head>\n    <title>Guestbook</title>\n  </head>\n</html>\n'

interface Hosts {
  readonly leader: readonly [name: string, variable: string]
  readonly follower: readonly [name: string, variable: string]
}

const V5: Hosts = {
  leader: ['redis-master', 'REDIS_MASTER_SERVICE_HOST'],
  follower: ['redis-replica', 'REDIS_REPLICA_SERVICE_HOST'],
}
const SLAVE: Hosts = { ...V5, follower: ['redis-slave', 'REDIS_SLAVE_SERVICE_HOST'] }
const LEADER: Hosts = {
  leader: ['redis-leader', 'REDIS_LEADER_SERVICE_HOST'],
  follower: ['redis-follower', 'REDIS_FOLLOWER_SERVICE_HOST'],
}

function* guestbook(container: ContainerProcess, hosts: Hosts, request: AppRequest): Routine<AppResponse> {
  if (request.protocol !== 'http') return { protocol: 'tcp', data: '' }
  const [path = '', query = ''] = request.path.split('?')
  if (!path.endsWith('guestbook.php')) {
    return path === '/' ? httpResponse(200, HOME, 'text/html') : httpResponse(404, 'Not Found\n')
  }
  const parameters = new Map(query.split('&').map(pair => pair.split('=', 2) as [string, string]))
  const key = decodeURIComponent(parameters.get('key') ?? '')
  const isWrite = parameters.get('cmd') === 'set'
  const command = isWrite ? `SET ${key} ${decodeURIComponent(parameters.get('value') ?? '')}` : `GET ${key}`
  const [name, variable] = isWrite ? hosts.leader : hosts.follower
  const host = (container.environment.GET_HOSTS_FROM === 'env' && container.environment[variable]) || name
  const clientIp = container.network.ips[0] ?? ''
  const result = yield* container.request(host, 6379, { protocol: 'tcp', data: command, clientIp })
  const answer = result.ok && result.response.protocol === 'tcp' ? result.response.data : undefined
  if (answer === undefined || answer.startsWith('-')) {
    const why = result.ok ? answer : `Connection to tcp://${host}:6379 failed: ${result.error}`
    container.logError(`PHP Fatal error:  Uncaught Predis\\Connection\\ConnectionException: ${why}`)
    return httpResponse(500, '')
  }
  if (isWrite) return httpResponse(200, '{"message": "Updated"}')
  return httpResponse(200, `{"data": ${JSON.stringify(answer === '$-1' ? '' : answer)}}`)
}

const frontend = (hosts: (container: ContainerProcess) => Hosts) =>
  server({
    startupMs: 110,
    shutdownMs: 90,
    ports: [80],
    bindError: port =>
      `(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:${port}`,
    serve: container => {
      const label = container.scope.sim.label('container/guestbook')
      return (request, reply) =>
        container.scope.spawn(label, guestbook(container, hosts(container), request), reply)
    },
  })
const apache = frontend(container => ('REDIS_SLAVE_SERVICE_HOST' in container.environment ? SLAVE : V5))
const newApache = frontend(() => LEADER)

export const image: Image = {
  repositories: ['gcr.io/google-samples/gb-frontend', 'gcr.io/google_samples/gb-frontend'],
  sizeBytes: 134_827_362,
  entrypoint: ['docker-php-entrypoint'],
  command: ['apache2-foreground'],
  programs: { 'docker-php-entrypoint': apache, 'apache2-foreground': apache },
  hasShell: true,
}

/** The newer edition, whose services are `redis-leader` and `redis-follower`. */
export const leaderImage: Image = {
  ...image,
  repositories: ['us-docker.pkg.dev/google-samples/containers/gke/gb-frontend'],
  programs: { 'docker-php-entrypoint': newApache, 'apache2-foreground': newApache },
}
