/**
 * flannel as its own manifest deploys it: `flanneld` with its health port, `install-conf`, and the image with the CNI
 * plugin. Pods get their addresses from the network room whether these run or not.
 */
import { type Routine, sleep } from '../../sim/index.ts'
import { type AppRequest, type AppResponse, httpResponse } from '../container-network.ts'
import { flag } from '../flags.ts'
import type { ContainerProcess, Image } from '../program.ts'

const CONFIGURATION = '/etc/kube-flannel/net-conf.json'

/** A line of klog. */
function line(container: ContainerProcess, severity: 'I' | 'E', place: string, message: string): void {
  const [, month, day, time] = /-(\d\d)-(\d\d)T([\d:.]+)Z/.exec(
    new Date(container.scope.sim.now).toISOString(),
  )!
  container.logError(`${severity}${month}${day} ${time}000       1 ${place}] ${message}`)
}

interface Configuration {
  readonly Network?: string
  readonly Backend?: { readonly Type?: string }
}

function readConfiguration(container: ContainerProcess): Configuration | undefined {
  try {
    return JSON.parse(container.files.get(CONFIGURATION) ?? '') as Configuration
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}

function* flanneld(container: ContainerProcess): Routine<number> {
  yield* sleep(300)
  const configuration = readConfiguration(container)
  if (!configuration?.Network) {
    line(
      container,
      'E',
      'main.go:288',
      `Failed to create SubnetManager: error parsing subnet config: ${CONFIGURATION}`,
    )
    return 1
  }
  line(container, 'I', 'kube.go:163', 'Starting kube subnet manager')
  const type = configuration.Backend?.Type ?? 'udp'
  line(container, 'I', 'main.go:500', `Found network config - Backend type: ${type}`)
  const port = Number(flag(container.argv, 'healthz-port') ?? 0)
  const serve = (request: AppRequest, reply: (response: AppResponse) => void) => {
    const path = request.protocol === 'http' ? request.path : ''
    const isHealth = path === '/healthz' || path === '/readyz'
    reply(isHealth ? httpResponse(200, 'flanneld is running') : httpResponse(404, '404 page not found\n'))
  }
  if (port !== 0 && !container.listen(port, { serve })) {
    line(
      container,
      'E',
      'main.go:557',
      `Start healthz server error. listen tcp 0.0.0.0:${port}: bind: address already in use`,
    )
  } else if (port !== 0) line(container, 'I', 'main.go:549', `Start healthz server on 0.0.0.0:${port}`)
  line(container, 'I', 'main.go:471', 'Running backend.')
  yield* container.terminated()
  line(container, 'I', 'main.go:452', 'shutdownHandler sent cancel signal...')
  return 0
}

/** `install-conf FROM TO`: copies the CNI configuration to the node. */
function* installConf(container: ContainerProcess): Routine<number> {
  const [, from = '', to = ''] = container.argv
  const content = container.files.read(from)
  const written = content.ok ? container.files.write(to, content.value) : content
  if (written.ok) return 0
  container.logError(`open ${content.ok ? to : from}: ${written.error}`)
  return 1
}

export const image: Image = {
  repositories: [
    'ghcr.io/flannel-io/flannel',
    'docker.io/flannel/flannel',
    'docker.io/rancher/mirrored-flannelcni-flannel',
  ],
  sizeBytes: 33_600_000,
  entrypoint: ['/opt/bin/flanneld'],
  command: [],
  programs: { flanneld, 'install-conf': installConf },
  hasShell: true,
  os: 'alpine',
  idleUsage: { cpuMilli: 4, memoryBytes: 15_000_000 },
}

export const pluginImage: Image = {
  repositories: [
    'ghcr.io/flannel-io/flannel-cni-plugin',
    'docker.io/flannel/flannel-cni-plugin',
    'docker.io/rancher/mirrored-flannelcni-flannel-cni-plugin',
  ],
  sizeBytes: 4_900_000,
  entrypoint: [],
  command: ['/bin/sh'],
  programs: {},
  hasShell: true,
  os: 'alpine',
  files: { '/flannel': '\x7fELF flannel CNI plugin\n' },
}
