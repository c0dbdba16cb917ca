/** `registry.k8s.io/coredns/coredns`: healthy and ready. Names are answered by the network room, not by it. */
import { type AppRequest, type AppResponse, httpResponse } from '../container-network.ts'
import type { Image } from '../program.ts'
import { server } from '../server.ts'

function answer(request: AppRequest): AppResponse {
  if (request.protocol !== 'http') return { protocol: 'tcp', data: '' }
  switch (request.path) {
    case '/health':
    case '/ready':
      return httpResponse(200, 'OK')
    case '/metrics':
      return httpResponse(200, '# TYPE coredns_build_info gauge\ncoredns_build_info{version="1.12.0"} 1\n')
    default:
      return httpResponse(404, '404 page not found\n')
  }
}

const coredns = server({
  startupMs: 150,
  shutdownMs: 5000,
  ports: [53, 8080, 8181, 9153],
  started: container => {
    container.log('.:53')
    container.log('CoreDNS-1.12.0')
    container.log('linux/amd64, go1.23.3, 51e11f1')
  },
  serve: () => (request, reply) => reply(answer(request)),
})

export const image: Image = {
  repositories: ['registry.k8s.io/coredns/coredns', 'docker.io/coredns/coredns'],
  sizeBytes: 20_939_036,
  entrypoint: ['/coredns'],
  command: [],
  programs: { coredns },
  hasShell: false,
  idleUsage: { cpuMilli: 2, memoryBytes: 14_000_000 },
}
