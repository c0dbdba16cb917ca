/** NodePorts of a served cluster, reached over real sockets. */
import { request } from 'node:http'
import { connect, createServer } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'
import { type ServedCluster, type ServeOptions, serve } from '../../src/server/index.ts'

const POD = (name: string, node: string, image: string, more = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec: { nodeName: ${node}, containers: [{ name: main, image: ${image}${more} }] }
---`
const SERVICE = (name: string, port: number, nodePort: number, more = '') => `
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { type: NodePort, selector: { app: ${name} }, ports: [{ port: ${port}, nodePort: ${nodePort} }]${more} }
---`
const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.53'
const NETEXEC = ', args: [netexec, --http-port=80]'

/** Ports that nothing on this machine listens on, within the range of node ports. */
async function freePorts(count: number): Promise<number[]> {
  const found: number[] = []
  for (let port = 30_000 + (process.pid % 2000); found.length < count; port++) {
    const isFree = await new Promise<boolean>(resolve => {
      const probe = createServer()
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) found.push(port)
  }
  return found
}

function get(port: number, path = '/'): Promise<{ code: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent: false }, answer => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({ code: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      )
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** What a raw connection says to some bytes, until it is closed; rejects when it is reset. */
function say(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    let heard = ''
    socket.on('data', chunk => {
      heard += chunk.toString()
    })
    socket.on('error', reject)
    socket.on('end', () => resolve(heard))
  })
}

describe('node ports on the real machine', () => {
  let served: ServedCluster | undefined
  const bugs: unknown[] = []
  afterEach(async () => {
    await served?.close()
    served = undefined
    expect(bugs).toEqual([])
  })

  async function open(cluster: Cluster, more: Partial<ServeOptions> = {}): Promise<void> {
    const failed = (error: unknown) => bugs.push(error)
    served = await serve({
      cluster,
      port: 0,
      bind: '127.0.0.1',
      speed: 50,
      failed,
      hasNodePorts: true,
      ...more,
    })
  }

  function booted(...manifests: string[]): Cluster {
    const cluster = Cluster.create({ nodes: 2 })
    cluster.apply(manifests.join('\n'))
    cluster.kubectl('wait pods --all --for=condition=Ready --timeout=60s')
    cluster.advance('5s')
    return cluster
  }

  const opened = (port: number) => vi.waitFor(() => get(port), { timeout: 5000 })
  const shut = (port: number) =>
    vi.waitFor(() => expect(get(port)).rejects.toThrow('ECONNREFUSED'), { timeout: 5000 })
  const kubectl = (...words: string[]) => served!.gateway.enter({ do: 'kubectl', words, files: {} }, {})
  const apply = (manifest: string) =>
    served!.gateway.enter({ do: 'apply', manifest, file: 'service.yaml' }, {})

  test('speak HTTP and redis with whoever the rules of the node lead to, and replay', async () => {
    const [web = 0, cache = 0] = await freePorts(2)
    const cluster = booted(
      POD('web', 'node-2', AGNHOST, NETEXEC),
      POD('cache', 'node-1', 'redis'),
      SERVICE('web', 80, web),
      SERVICE('cache', 6379, cache),
    )
    await open(cluster)
    expect(await opened(web)).toMatchObject({ code: 200, text: expect.stringContaining('NOW: ') })
    // A pod of another node sees the one that let the packet in, masqueraded on flannel.1.
    expect((await get(web, '/clientip')).text).toMatch(/^10\.244\.0\.0\b/)
    const set = '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\nhi\r\n'
    expect(await say(cache, `${set}*2\r\n$3\r\nGET\r\n$1\r\na\r\n`)).toBe('+OK\r\n$2\r\nhi\r\n')
    const { recording } = cluster
    const streams = recording.inputs.filter(({ input }) => input.do === 'stream')
    expect(streams[0]!.input).toEqual({
      do: 'stream',
      stream: { to: 'node-port', node: 'node-1', port: web },
    })
    expect(Cluster.replay(recording).recording.sha256).toBe(recording.sha256)
  })

  test('open with their Service and close with it', async () => {
    const [port = 0, moved = 0] = await freePorts(2)
    await open(booted(POD('web', 'node-1', 'nginx')))
    await shut(port)
    apply(SERVICE('web', 80, port))
    expect((await opened(port)).text).toContain('Welcome to nginx')
    apply(SERVICE('web', 80, moved))
    expect((await opened(moved)).code).toBe(200)
    await shut(port)
    kubectl('delete', 'service', 'web')
    await shut(moved)
  })

  test('of a Service that is ClusterIP, or UDP, are none; nor are there any unless they are wanted', async () => {
    const [port = 0] = await freePorts(1)
    const cluster = booted(POD('web', 'node-1', 'nginx'), SERVICE('web', 80, port))
    await open(cluster, { hasNodePorts: false })
    await new Promise(resolve => setTimeout(resolve, 100))
    await shut(port)
    await served!.close()
    await open(cluster)
    await opened(port)
    apply(SERVICE('web', 80, port).replace('port: 80,', 'port: 80, protocol: UDP,'))
    await shut(port)
  })

  test('with the policy Local show the client, and are shut where the node has no endpoint', async () => {
    const [here = 0, there = 0] = await freePorts(2)
    const local = ', externalTrafficPolicy: Local'
    await open(
      booted(
        POD('here', 'node-1', AGNHOST, NETEXEC),
        POD('there', 'node-2', AGNHOST, NETEXEC),
        SERVICE('here', 80, here, local),
        SERVICE('there', 80, there, local),
      ),
    )
    await opened(here)
    expect((await get(here, '/clientip')).text).toMatch(/^192\.168\.0\.1\b/)
    // The packet is dropped: the connection is given up after ten virtual seconds.
    await expect(get(there)).rejects.toThrow('ECONNRESET')
  })

  test('reset connections where a Service has no endpoints, or its endpoint is gone', async () => {
    const [port = 0] = await freePorts(1)
    await open(booted(POD('web', 'node-1', 'nginx'), SERVICE('web', 80, port)))
    await opened(port)
    kubectl('delete', 'pod', 'web', '--now')
    await vi.waitFor(() => expect(get(port)).rejects.toThrow('ECONNRESET'), { timeout: 5000 })
  })

  test('keep a connection with the endpoint it has found', async () => {
    const [port = 0] = await freePorts(1)
    await open(
      booted(
        ...['a', 'b', 'c', 'd'].map(name =>
          POD(name, 'node-1', AGNHOST, NETEXEC).replace(`app: ${name}`, 'app: web'),
        ),
        SERVICE('web', 80, port),
      ),
    )
    await opened(port)
    const ask = 'GET /hostname HTTP/1.1\r\nHost: web\r\n\r\n'
    const heard = await say(port, ask.repeat(12))
    const names = [...heard.matchAll(/\r\n\r\n([abcd])/g)].map(([, name]) => name)
    expect(names).toHaveLength(12)
    expect(new Set(names).size).toBe(1)
  })

  test('that are taken are warned about once, and everything else goes on', async () => {
    const [port = 0, other = 0] = await freePorts(2)
    const holder = createServer()
    await new Promise<void>(resolve => holder.listen(port, '127.0.0.1', resolve))
    const warnings: string[] = []
    const cluster = booted(POD('web', 'node-1', 'nginx'), SERVICE('web', 80, port))
    await open(cluster, { warned: line => warnings.push(line) })
    await vi.waitFor(() => expect(warnings).toHaveLength(1), { timeout: 5000 })
    expect(warnings[0]).toBe(
      `node port ${port} of default/web cannot be listened on at 127.0.0.1 (EADDRINUSE): left out`,
    )
    apply(SERVICE('web', 80, other).replace('metadata: { name: web', 'metadata: { name: more'))
    await vi.waitFor(() => expect(cluster.get('service', 'more')).toBeDefined(), { timeout: 5000 })
    await new Promise<void>(resolve => holder.close(() => resolve()))
    apply(SERVICE('web', 80, port, ', sessionAffinity: ClientIP'))
    await opened(port)
    expect(warnings).toHaveLength(1)
  })
})
