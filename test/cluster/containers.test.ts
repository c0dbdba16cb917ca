import { beforeAll, describe, expect, test } from 'vitest'
import { type ApiResult, requestFor } from '../../src/client/index.ts'
import { Cluster } from '../../src/cluster/index.ts'

const MANIFEST = `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { colour: blue }
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  containers:
  - name: nginx
    image: nginx:1.27
    volumeMounts:
    - { name: scratch, mountPath: /scratch }
    - { name: settings, mountPath: /etc/settings }
  - name: side
    image: busybox:1.36
    command: [sh, -c, 'i=0; while true; do echo line $i; i=$((i+1)); sleep 1; done']
    volumeMounts:
    - { name: scratch, mountPath: /data }
  volumes:
  - { name: scratch, emptyDir: {} }
  - { name: settings, configMap: { name: settings } }
---
apiVersion: v1
kind: Pod
metadata: { name: cache }
spec:
  containers: [{ name: redis, image: 'redis:7' }]
`

let cluster: Cluster
beforeAll(() => {
  cluster = Cluster.create({ nodes: 1, seed: 5 })
  cluster.apply(MANIFEST)
  for (const name of ['web', 'cache']) {
    const isReady = () =>
      cluster
        .get('pod', name)
        ?.status.conditions?.some(one => one.type === 'Ready' && one.status === 'True') ?? false
    expect(cluster.runUntil(isReady, { within: '1m' })).toBe(true)
  }
})

const decode = (chunks: readonly Uint8Array[]) =>
  chunks.map(chunk => new TextDecoder().decode(chunk)).join('')
const encode = (text: string) => new TextEncoder().encode(text)

function exec(command: string[], options: { container?: string; isTty?: boolean; hasStdin?: boolean } = {}) {
  const out: Uint8Array[] = []
  const err: Uint8Array[] = []
  const result = { out, err, end: undefined as unknown }
  const session = cluster.world.containers.exec(
    {
      namespace: 'default',
      pod: 'web',
      container: options.container ?? 'side',
      command,
      hasStdin: options.hasStdin ?? false,
      hasStdout: true,
      hasStderr: true,
      isTty: options.isTty ?? false,
    },
    {
      stdout: chunk => out.push(chunk),
      stderr: chunk => err.push(chunk),
      ended: status => {
        result.end = status
      },
    },
  )
  if ('code' in session) throw new Error(session.message)
  cluster.advance('10ms')
  return {
    ...result,
    session: session as Extract<typeof session, { stdin: unknown }>,
    get end() {
      return result.end
    },
  }
}

describe('exec', () => {
  test('gives output, errors and the exit code', () => {
    const run = exec(['sh', '-c', 'echo out; echo err >&2; exit 3'])
    expect([decode(run.out), decode(run.err), run.end]).toEqual(['out\n', 'err\n', { exitCode: 3 }])
  })

  test('reads its input', () => {
    const run = exec(['sh', '-c', 'cat | tr a-z A-Z'], { hasStdin: true })
    run.session.stdin(encode('grüße\n'))
    run.session.closeStdin()
    cluster.advance('10ms')
    expect([decode(run.out), run.end]).toEqual(['GRüßE\n', { exitCode: 0 }])
  })

  test('a terminal has a prompt, an echo, interrupts and an end', () => {
    const run = exec(['sh'], { hasStdin: true, isTty: true })
    for (const text of ['cd /tmp\r', 'sleep 100\r', '\x03', 'echo $?\r', '\x04']) {
      run.session.stdin(encode(text))
      cluster.advance('10ms')
    }
    expect(decode(run.out)).toBe('/ # cd /tmp\r\n/tmp # sleep 100\r\n^C\r\n/tmp # echo $?\r\n130\r\n/tmp # ')
    expect(run.end).toEqual({ exitCode: 0 })
  })

  test('a program that is not there', () => {
    const run = exec(['nosuch'])
    expect(run.end).toMatchObject({
      failure: { message: expect.stringContaining('exec: "nosuch": executable file not found in $PATH') },
    })
  })

  test('refuses what is not there, in upstream words', () => {
    const { containers } = cluster.world
    const listener = { stdout() {}, stderr() {}, ended() {} }
    const base = {
      namespace: 'default',
      pod: 'web',
      command: ['ls'],
      hasStdin: false,
      hasStdout: true,
      hasStderr: true,
      isTty: false,
    }
    expect(containers.exec(base, listener)).toMatchObject({
      code: 400,
      message: 'a container name must be specified for pod web, choose one of: [nginx side]',
    })
    expect(containers.exec({ ...base, container: 'x' }, listener)).toMatchObject({
      code: 400,
      message: 'container x is not valid for pod web',
    })
    expect(containers.exec({ ...base, pod: 'gone' }, listener)).toMatchObject({ code: 404 })
  })

  test('volumes are shared by the containers of a pod; a ConfigMap is there by its links', () => {
    exec(['sh', '-c', 'echo hello > /data/note'])
    expect(decode(exec(['cat', '/scratch/note', '/etc/settings/colour'], { container: 'nginx' }).out)).toBe(
      'hello\nblue',
    )
    expect(decode(exec(['readlink', '/etc/settings/colour'], { container: 'nginx' }).out)).toBe(
      '..data/colour\n',
    )
  })
})

test('a changed ConfigMap shows in the volume within two minutes', () => {
  cluster.kubectl(`patch configmap settings -p '{"data":{"colour":"green"}}'`)
  cluster.advance('2m')
  expect(decode(exec(['cat', '/etc/settings/colour'], { container: 'nginx' }).out)).toBe('green')
})

describe('logs', () => {
  function logs(options: object) {
    const chunks: Uint8Array[] = []
    const result = { chunks, isEnded: false }
    const session = cluster.world.containers.logs(
      'default',
      'web',
      { container: 'side', ...options },
      {
        data: chunk => chunks.push(chunk),
        ended: () => {
          result.isEnded = true
        },
      },
    )
    cluster.advance('10ms')
    return { result, session }
  }

  test('the last lines, cut where the limit is', () => {
    cluster.advance('2s')
    const { result } = logs({ tailLines: 2, limitBytes: 12 })
    expect(decode(result.chunks)).toMatch(/^line \d+\n/)
    expect(decode(result.chunks)).toHaveLength(12)
    expect(result.isEnded).toBe(true)
  })

  test('followed, they go on', () => {
    const { result, session } = logs({ follow: true, tailLines: 0, timestamps: true })
    cluster.advance('3s')
    expect(decode(result.chunks)).toMatch(/^(2026-\S+Z line \d+\n){3}$/)
    expect(result.isEnded).toBe(false)
    if ('close' in session) session.close()
  })

  test('of an instance that never was', () => {
    expect(logs({ previous: true }).session).toMatchObject({
      message: 'previous terminated container "side" in pod "web" not found',
    })
  })
})

describe('a connection from outside', () => {
  function forward(pod: string, port: number, ...texts: string[]) {
    const chunks: Uint8Array[] = []
    const failures: string[] = []
    const session = cluster.world.containers.portForward('default', pod, port, {
      data: chunk => chunks.push(chunk),
      ended: () => {},
      failed: message => failures.push(message),
    })
    if (!('write' in session)) throw new Error(session.message)
    for (const text of texts) {
      session.write(encode(text))
      cluster.advance('100ms')
    }
    return { text: decode(chunks), failures }
  }

  test('speaks HTTP, in as many pieces as it likes', () => {
    const { text } = forward('web', 80, 'GET / HTTP/1.1\r\nHost: x', '\r\n\r\nHEAD /nope HTTP/1.1\r\n\r\n')
    expect(text).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[\s\S]*Welcome to nginx![\s\S]*HTTP\/1\.1 404 Not Found\r\n[\s\S]*\r\n\r\n$/,
    )
  })

  test('speaks redis', () => {
    const { text } = forward(
      'cache',
      6379,
      '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\nhi\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n',
    )
    expect(text).toBe('+OK\r\n$2\r\nhi\r\n')
  })

  test('fails where nobody listens', () => {
    expect(forward('web', 81, 'GET / HTTP/1.1\r\n\r\n').failures[0]).toContain('connect: connection refused')
  })
})

describe('an ephemeral container', () => {
  const patch = (container: object) => {
    const { api, scheme } = cluster.world.kubectlContext({})
    let result: ApiResult<never> | undefined
    const kind = scheme.byResource('v1', 'pods')!
    const request = requestFor('patch', kind, 'default', 'web', {
      subresource: 'ephemeralcontainers',
      body: { spec: { ephemeralContainers: [container] } },
      options: { patchType: 'strategic' },
    })
    api.request(request, answer => {
      result = answer
    })
    cluster.advance('5s')
    return result!
  }

  test('joins the pod that runs, and its network', () => {
    const container = { name: 'debugger', image: 'busybox:1.36', stdin: true, tty: true }
    expect(patch(container)).toMatchObject({ ok: true })
    const { status } = cluster.get('pod', 'web')!
    expect(status.ephemeralContainerStatuses).toMatchObject([
      { name: 'debugger', ready: false, state: { running: {} } },
    ])
    expect(status.containerStatuses).toHaveLength(2)
    const run = exec(['wget', '-qO-', 'http://localhost'], { container: 'debugger' })
    cluster.advance('1s')
    expect(decode(run.out)).toContain('Welcome to nginx!')
  })

  test('is attached to as a terminal', () => {
    const out: Uint8Array[] = []
    const request = {
      namespace: 'default',
      pod: 'web',
      container: 'debugger',
      hasStdin: true,
      hasStdout: true,
      hasStderr: false,
      isTty: true,
    }
    const session = cluster.world.containers.attach(request, {
      stdout: chunk => out.push(chunk),
      stderr() {},
      ended() {},
    })
    cluster.advance('10ms')
    if ('stdin' in session) session.stdin(encode('hostname\r'))
    cluster.advance('10ms')
    expect(decode(out)).toBe('hostname\r\nweb\r\n/ # ')
    out.length = 0
    if ('resize' in session) session.resize(132, 43)
    if ('stdin' in session) session.stdin(encode('stty size\r'))
    cluster.advance('10ms')
    expect(decode(out)).toBe('stty size\r\n43 132\r\n/ # ')
  })

  test('may not be changed', () => {
    expect(patch({ name: 'debugger', image: 'alpine' })).toMatchObject({ ok: false, code: 422 })
  })
})

test('usage is told for nodes and containers that were scraped twice', () => {
  cluster.advance('45s')
  const { nodes, containers } = cluster.world.containers.metrics()
  expect(nodes).toHaveLength(1)
  expect(containers.filter(({ pod }) => pod === 'web').map(({ container }) => container)).toEqual([
    'nginx',
    'side',
    'debugger',
  ])
})
