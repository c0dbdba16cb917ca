/** What stands in for an image nobody knows, where the cluster allows it: runs, and listens where it is told. */
import { httpResponse } from '../container-network.ts'
import type { Image } from '../program.ts'
import { server } from '../server.ts'

const generic = server({
  startupMs: 200,
  shutdownMs: 100,
  ports: container => container.containerPorts,
  serve: container => (request, reply) =>
    reply(
      request.protocol === 'http'
        ? httpResponse(200, `${container.hostname}\n`)
        : { protocol: 'tcp', data: '' },
    ),
})

/** Any command line at all means the one program. */
export const image: Image = {
  repositories: [],
  sizeBytes: 50_000_000,
  entrypoint: ['generic'],
  command: [],
  programs: { generic },
  hasShell: true,
}
