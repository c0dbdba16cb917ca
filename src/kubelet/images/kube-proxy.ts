/** `registry.k8s.io/kube-proxy`: healthy. Services are followed by the network room, not by it. */
import { httpResponse } from '../container-network.ts'
import type { Image } from '../program.ts'
import { server } from '../server.ts'

const kubeProxy = server({
  startupMs: 200,
  shutdownMs: 50,
  ports: [10_249, 10_256],
  started: container => {
    container.logError('"Using iptables Proxier"')
    container.logError('"Caches are synced" controller="service config"')
    container.logError('"Caches are synced" controller="endpoint slice config"')
  },
  serve: () => (request, reply) =>
    reply(request.protocol === 'http' ? httpResponse(200, 'ok') : { protocol: 'tcp', data: '' }),
})

export const image: Image = {
  repositories: ['registry.k8s.io/kube-proxy'],
  sizeBytes: 31_891_685,
  entrypoint: ['/usr/local/bin/kube-proxy'],
  command: [],
  programs: { 'kube-proxy': kubeProxy },
  hasShell: false,
  idleUsage: { cpuMilli: 1, memoryBytes: 18_000_000 },
}
