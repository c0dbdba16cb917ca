/** `redis`: keeps strings and lists, and follows a leader when told to (`--replicaof HOST PORT`). */
import type { Image } from '../program.ts'
import { redisServer } from '../redis.ts'
import { redisCli } from '../redis-cli.ts'

const server = redisServer(argv => {
  const at = argv.findIndex(argument => argument === '--replicaof' || argument === '--slaveof')
  const host = argv[at + 1]
  return at < 0 || host === undefined ? undefined : { host, port: Number(argv[at + 2] ?? 6379) }
})

export const image: Image = {
  repositories: [
    'docker.io/library/redis',
    'registry.k8s.io/redis',
    'k8s.gcr.io/redis',
    'gcr.io/google_containers/redis',
    'docker.io/bitnami/redis',
  ],
  sizeBytes: 45_006_722,
  entrypoint: ['docker-entrypoint.sh'],
  command: ['redis-server'],
  programs: { 'docker-entrypoint.sh': server, 'redis-server': server, 'redis-cli': redisCli },
  hasShell: true,
}
