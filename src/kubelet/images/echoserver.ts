/** `registry.k8s.io/echoserver`: answers every request with what it received, and from which pod. */
import { type AppRequest, httpResponse } from '../container-network.ts'
import type { ContainerProcess, Image } from '../program.ts'
import { server } from '../server.ts'

function echo(container: ContainerProcess, request: AppRequest): string {
  if (request.protocol !== 'http') return request.data
  const headers = Object.entries(request.headers).sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    '',
    '',
    `Hostname: ${container.hostname}`,
    '',
    'Pod Information:',
    '\t-no pod information available-',
    '',
    'Request Information:',
    `\tclient_address=${request.clientIp}`,
    `\tmethod=${request.method}`,
    `\treal path=${request.path}`,
    `\tquery=${request.path.split('?')[1] ?? ''}`,
    '\trequest_version=1.1',
    `\trequest_uri=http://${request.headers.host ?? 'localhost'}:8080${request.path}`,
    '',
    'Request Headers:',
    ...headers.map(([name, value]) => `\t${name}=${value}`),
    '',
    'Request Body:',
    request.body === '' ? '\t-no body in request-' : request.body,
    '',
  ].join('\n')
}

const echoserver = server({
  startupMs: 70,
  shutdownMs: 60,
  ports: [8080],
  serve: container => (request, reply) => {
    const text = echo(container, request)
    reply(request.protocol === 'http' ? httpResponse(200, text) : { protocol: 'tcp', data: text })
  },
})

export const image: Image = {
  repositories: [
    'registry.k8s.io/echoserver',
    'k8s.gcr.io/echoserver',
    'gcr.io/google_containers/echoserver',
    'registry.k8s.io/e2e-test-images/echoserver',
  ],
  sizeBytes: 46_237_695,
  entrypoint: ['/usr/local/bin/run.sh'],
  command: [],
  programs: { 'run.sh': echoserver },
  hasShell: true,
}
