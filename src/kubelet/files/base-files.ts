/** What every container has besides its image's own files: devices, /proc, the network's files, users, the tools. */
import { type DirectoryNode, device, directory, file, link, plant } from './tree.ts'

export interface BaseFacts {
  readonly hostname: string
  readonly ips: readonly string[]
  /** `pod.spec.hostAliases`: address and names. */
  readonly hostAliases: readonly { readonly ip: string; readonly names: readonly string[] }[]
  readonly podNamespace: string
  readonly isHostNetwork: boolean
  /** The command line of process 1. */
  readonly argv: readonly string[]
  /** Names of what stands in /bin; none for an image without a shell. */
  readonly tools: readonly string[]
  readonly os: OperatingSystem
}

export type OperatingSystem = 'alpine' | 'debian' | 'busybox' | 'scratch'

const DIRECTORIES = [
  'home',
  'lib',
  'mnt',
  'opt',
  'root',
  'srv',
  'sys',
  'usr/sbin',
  'usr/local/bin',
  'var/log',
  'var/run',
]
const OS_RELEASE: Readonly<Record<OperatingSystem, string>> = {
  alpine: `NAME="Alpine Linux"
ID=alpine
VERSION_ID=3.21.3
PRETTY_NAME="Alpine Linux v3.21"
HOME_URL="https://alpinelinux.org/"
BUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"
`,
  debian: `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`,
  busybox: '',
  scratch: '',
}

export function plantBase(root: DirectoryNode, facts: BaseFacts): void {
  for (const path of DIRECTORIES) plant(root, path, directory())
  plant(root, 'tmp', directory(0, 0o1777))
  for (const name of ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx']) {
    plant(root, `dev/${name}`, device(name))
  }
  plant(root, 'dev/shm', directory(0, 0o1777))
  plant(root, 'dev/fd', link('/proc/self/fd'))
  for (const [i, name] of ['stdin', 'stdout', 'stderr'].entries()) {
    plant(root, `dev/${name}`, link(`/proc/self/fd/${i}`))
    plant(root, `proc/self/fd/${i}`, device(name))
    plant(root, `proc/1/fd/${i}`, device(`main-${name}`))
  }
  plant(root, 'dev/termination-log', file(''))
  plant(root, 'proc/1/cmdline', file(facts.argv.map(word => `${word}\0`).join('')))
  plant(root, 'proc/cpuinfo', file('processor\t: 0\nmodel name\t: Simulated CPU\n\n'))
  plant(root, 'proc/version', file('Linux version 6.1.0-kubarium (kubarium@kubarium) #1 SMP\n'))
  plant(root, 'etc/hostname', file(`${facts.hostname}\n`))
  plant(root, 'etc/hosts', file(hosts(facts)))
  plant(root, 'etc/resolv.conf', file(resolvConf(facts)))
  if (facts.os === 'scratch') return
  plant(
    root,
    'etc/passwd',
    file('root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n'),
  )
  plant(root, 'etc/group', file('root:x:0:\nnobody:x:65534:\n'))
  plant(root, 'etc/shadow', file('root:*::0:::::\n', 0, 0o640))
  if (OS_RELEASE[facts.os]) plant(root, 'etc/os-release', file(OS_RELEASE[facts.os]))
  if (facts.os === 'alpine') plant(root, 'etc/alpine-release', file('3.21.3\n'))
  if (facts.os === 'debian') plant(root, 'etc/debian_version', file('12.10\n'))
  for (const name of facts.tools) plant(root, `bin/${name}`, file('', 0, 0o755))
  plant(root, 'usr/bin', link('/bin'))
}

function hosts({ hostname, ips, hostAliases, isHostNetwork }: BaseFacts): string {
  const lines = [
    isHostNetwork ? '# Kubernetes-managed hosts file (host network).' : '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    ...ips.map(ip => `${ip}\t${hostname}`),
  ]
  if (hostAliases.length > 0) {
    lines.push('', '# Entries added by HostAliases.')
    for (const { ip, names } of hostAliases) lines.push(`${ip}\t${names.join('\t')}`)
  }
  return `${lines.join('\n')}\n`
}

function resolvConf({ podNamespace, isHostNetwork }: BaseFacts): string {
  if (isHostNetwork) return 'nameserver 10.96.0.10\n'
  return `search ${podNamespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`
}
