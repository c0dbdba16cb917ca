/** The guestbook's redis followers: find their leader by DNS or environment, and copy what it holds. */
import type { Image } from '../program.ts'
import { redisServer } from '../redis.ts'

const follower = (leader: string, variable: string) =>
  redisServer((_argv, environment) => {
    const isByEnvironment = environment.GET_HOSTS_FROM === 'env'
    return { host: (isByEnvironment ? environment[variable] : undefined) ?? leader, port: 6379 }
  })
const slave = follower('redis-master', 'REDIS_MASTER_SERVICE_HOST')
const redisFollower = follower('redis-leader', 'REDIS_LEADER_SERVICE_HOST')

export const image: Image = {
  repositories: [
    'gcr.io/google_samples/gb-redisslave',
    'gcr.io/google-samples/gb-redisslave',
    'registry.k8s.io/gb-redisslave',
  ],
  sizeBytes: 40_302_613,
  entrypoint: ['/entrypoint.sh'],
  command: ['/bin/sh', '-c', '/run.sh'],
  programs: { 'entrypoint.sh': slave, 'run.sh': slave },
  hasShell: true,
}

/** The newer edition, which follows `redis-leader`. */
export const followerImage: Image = {
  ...image,
  repositories: [
    'us-docker.pkg.dev/google-samples/containers/gke/gb-redis-follower',
    'gcr.io/google_samples/gb-redis-follower',
  ],
  programs: { 'entrypoint.sh': redisFollower, 'run.sh': redisFollower },
}
