/** `registry.k8s.io/e2e-test-images/agnhost`, of which: netexec, serve-hostname, pause, test-webserver, webhook. */
import type { Routine } from '../../sim/index.ts'
import { type AppRequest, type AppResponse, httpResponse } from '../container-network.ts'
import { flag } from '../flags.ts'
import type { ContainerProcess, Image, Program } from '../program.ts'
import { server } from '../server.ts'
import { serveWebhook } from '../webhook-program.ts'

function netexec(container: ContainerProcess, request: AppRequest): AppResponse {
  if (request.protocol !== 'http') return { protocol: 'tcp', data: request.data }
  const [path = '', query = ''] = request.path.split('?')
  switch (path) {
    case '/':
      return httpResponse(200, `NOW: ${new Date(container.scope.sim.now).toISOString()}`)
    case '/hostname':
    case '/hostName':
      return httpResponse(200, container.hostname)
    case '/clientip':
      return httpResponse(200, request.clientIp)
    case '/echo':
      return httpResponse(200, decodeURIComponent(/(?:^|&)msg=([^&]*)/.exec(query)?.[1] ?? ''))
    case '/healthz':
      return httpResponse(200, 'ok')
    default:
      return httpResponse(404, '404 page not found\n')
  }
}

const serveNetexec = server({
  startupMs: 30,
  shutdownMs: 20,
  ports: container => [Number(flag(container.argv, 'http-port') ?? 8080)],
  serve: container => (request, reply) => reply(netexec(container, request)),
})

const serveHostname = server({
  startupMs: 20,
  shutdownMs: 20,
  ports: container => [Number(flag(container.argv, 'port') ?? 9376)],
  serve: container => (request, reply) =>
    reply(
      request.protocol === 'http'
        ? httpResponse(200, container.hostname)
        : { protocol: 'tcp', data: container.hostname },
    ),
})

const testWebserver = server({
  startupMs: 20,
  shutdownMs: 20,
  ports: container => [Number(flag(container.argv, 'port') ?? 80)],
  serve: () => (_request, reply) => reply(httpResponse(200, '')),
})

function* pause(container: ContainerProcess): Routine<number> {
  container.log('Paused')
  yield* container.terminated()
  return 0
}

const COMMANDS: Readonly<Record<string, Program>> = {
  pause,
  netexec: serveNetexec,
  'serve-hostname': serveHostname,
  'test-webserver': testWebserver,
  webhook: serveWebhook,
}

function* agnhost(container: ContainerProcess): Routine<number> {
  const name = container.argv[1] ?? 'pause'
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command) return yield* command(container)
  container.logError(`Error: unknown command "${name}" for "app"`)
  return 1
}

export const image: Image = {
  repositories: ['registry.k8s.io/e2e-test-images/agnhost', 'k8s.gcr.io/e2e-test-images/agnhost'],
  sizeBytes: 53_109_826,
  entrypoint: ['/agnhost'],
  command: ['pause'],
  programs: { agnhost },
  hasShell: true,
}
