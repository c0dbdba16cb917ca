import { describe, expect, test } from 'vitest'
import { NetworkNamespace } from '../container-network.ts'
import { run } from '../program.testing.ts'

const body = (answer: ReturnType<ReturnType<typeof run>['ask']>) =>
  answer?.protocol === 'http' ? answer.body : answer?.data

describe.each([
  ['nginx:1.27', 80, 0, 'Welcome to nginx!'],
  ['httpd:2.4', 80, 0, 'It works!'],
  ['registry.k8s.io/echoserver:1.10', 8080, 0, 'Hostname: pod-1'],
  ['hashicorp/http-echo', 5678, 0, 'hello-world'],
])('%s', (image, port, exitCode, words) => {
  test('listens once it has started, answers, and goes on SIGTERM', () => {
    const world = run(image)
    expect(world.network.ports).toEqual([])
    world.sim.advance(500)
    expect(world.network.ports).toEqual([port])
    expect(body(world.ask(port, { protocol: 'http' }))).toContain(words)
    world.terminate()
    world.sim.advance(500)
    expect(world.exitCode).toBe(exitCode)
  })

  test('a port that is taken ends it', () => {
    const network = new NetworkNamespace('pod', ['10.0.0.1'])
    network.listen(port, { serve: () => {} })
    const world = run(image, undefined, undefined, { network })
    world.sim.advance(500)
    expect(world.exitCode).toBe(1)
    expect(world.output.join('\n')).toMatch(/address already in use/i)
  })
})

test('pause does nothing until SIGTERM', () => {
  const world = run('registry.k8s.io/pause:3.10')
  world.sim.advance(60_000)
  expect(world.exitCode).toBeUndefined()
  world.terminate()
  world.sim.advance(10)
  expect(world.exitCode).toBe(0)
})

test('http-echo says what its flags say', () => {
  const world = run('hashicorp/http-echo', undefined, ['-text=apple', '-listen=:8080'])
  world.sim.advance(100)
  expect(body(world.ask(8080, { protocol: 'http' }))).toBe('apple\n')
})

test('agnhost serves its host name', () => {
  const world = run('registry.k8s.io/e2e-test-images/agnhost:2.53', undefined, ['netexec', '--http-port=80'])
  world.sim.advance(100)
  expect(body(world.ask(80, { protocol: 'http', path: '/hostname' }))).toBe('pod-1')
})

describe('redis', () => {
  const tell = (world: ReturnType<typeof run>, data: string) =>
    body(world.ask(6379, { protocol: 'tcp', data }))

  test('keeps what it is told', () => {
    const world = run('registry.k8s.io/redis:e2e')
    world.sim.advance(100)
    expect(
      ['PING', 'SET a hello world', 'GET a', 'GET b', 'DEL a', 'FLY'].map(line => tell(world, line)),
    ).toEqual(['+PONG', '+OK', 'hello world', '$-1', ':1', "-ERR unknown command 'FLY'"])
  })

  test('a follower reads from its leader and refuses writes', () => {
    const world = run('gcr.io/google_samples/gb-redisslave:v1', undefined, undefined, {
      environment: { GET_HOSTS_FROM: 'dns' },
      answer: () => ({ ok: true, response: { protocol: 'tcp', data: 'from the leader' } }),
    })
    world.sim.advance(100)
    expect(tell(world, 'GET a')).toBe('from the leader')
    expect(world.asked).toMatchObject([{ host: 'redis-master', port: 6379, request: { data: 'GET a' } }])
    expect(tell(world, 'SET a b')).toBe("-READONLY You can't write against a read only replica.")
  })

  test('a follower without a leader says so', () => {
    const world = run('gcr.io/google_samples/gb-redisslave:v1')
    world.sim.advance(100)
    expect(tell(world, 'GET a')).toMatch(/^-MASTERDOWN/)
  })
})

describe('the guestbook', () => {
  const visit = (path: string, environment: Record<string, string> = { GET_HOSTS_FROM: 'dns' }) => {
    const store = new Map<string, string>()
    const world = run('gcr.io/google-samples/gb-frontend:v5', undefined, undefined, {
      environment,
      answer: (_host, _port, request) => {
        const [command, key = '', ...value] = request.protocol === 'tcp' ? request.data.split(' ') : []
        if (command === 'SET') store.set(key, value.join(' '))
        return {
          ok: true,
          response: { protocol: 'tcp', data: command === 'SET' ? '+OK' : (store.get(key) ?? '$-1') },
        }
      },
    })
    world.sim.advance(500)
    return { world, answer: world.ask(80, { protocol: 'http', path }) }
  }

  test('writes to the leader', () => {
    const { world, answer } = visit('/guestbook.php?cmd=set&key=messages&value=,Hello%20there')
    expect(body(answer)).toBe('{"message": "Updated"}')
    expect(world.asked).toMatchObject([
      { host: 'redis-master', request: { data: 'SET messages ,Hello there' } },
    ])
  })

  test('reads from a replica', () => {
    const { world, answer } = visit('/guestbook.php?cmd=get&key=messages')
    expect(body(answer)).toBe('{"data": ""}')
    expect(world.asked[0]!.host).toBe('redis-replica')
  })

  test('finds its hosts in the environment when told to', () => {
    const environment = { GET_HOSTS_FROM: 'env', REDIS_MASTER_SERVICE_HOST: '10.96.0.7' }
    expect(visit('/guestbook.php?cmd=set&key=a&value=b', environment).world.asked[0]!.host).toBe('10.96.0.7')
  })

  test('is an error where no redis answers', () => {
    const world = run('gcr.io/google-samples/gb-frontend:v5')
    world.sim.advance(500)
    expect(world.ask(80, { protocol: 'http', path: '/guestbook.php?cmd=get&key=a' })).toMatchObject({
      status: 500,
    })
    expect(world.output.join('\n')).toContain(
      'Connection to tcp://redis-replica:6379 failed: lookup redis-replica: no such host',
    )
  })
})

describe('podinfo', () => {
  const start = (...flags: string[]) => {
    const world = run(
      'ghcr.io/stefanprodan/podinfo:6.14.1',
      ['./podinfo', '--port=9898', ...flags],
      undefined,
      {
        answer: (_host, _port, request) => ({
          ok: true,
          response:
            request.protocol === 'http'
              ? { protocol: 'http', status: 202, headers: {}, body: request.body }
              : { protocol: 'tcp', data: request.data.startsWith('GET') ? 'kept' : '+OK' },
        }),
      },
    )
    world.sim.advance(100)
    const http = (path: string, method = 'GET', text = '') =>
      world.ask(9898, { protocol: 'http', path, method, body: text })
    return { world, http }
  }

  test('says who it is', () => {
    expect(JSON.parse(body(start().http('/api/info'))!)).toMatchObject({
      hostname: 'pod-1',
      version: '6.14.1',
    })
  })

  test('is taken out of its Services and put back by hand', () => {
    const { http } = start()
    expect(http('/readyz')).toMatchObject({ status: 200 })
    http('/readyz/disable', 'POST')
    expect(http('/readyz')).toMatchObject({ status: 503 })
    expect(http('/healthz')).toMatchObject({ status: 200 })
    http('/readyz/enable', 'POST')
    expect(http('/readyz')).toMatchObject({ status: 200 })
  })

  test('echoes by itself, and through its backend', () => {
    expect(start().http('/echo', 'POST', 'hello')).toMatchObject({ status: 202, body: 'hello' })
    const { world, http } = start('--backend-url=http://backend:9898/echo')
    expect(body(http('/api/echo', 'POST', 'hello'))).toBe('[\n  "hello"\n]')
    expect(world.asked).toMatchObject([{ host: 'backend', port: 9898, request: { path: '/echo' } }])
  })

  test('keeps values in its cache server, if it has one', () => {
    expect(start().http('/cache/a')).toMatchObject({ status: 400 })
    const { world, http } = start('--cache-server=tcp://cache:6379')
    expect(http('/cache/a', 'POST', 'value')).toMatchObject({ status: 202 })
    expect(body(http('/cache/a'))).toBe('kept')
    expect(world.asked.map(({ request }) => request.protocol === 'tcp' && request.data)).toEqual([
      'SET a value',
      'GET a',
    ])
  })

  test.each([
    [200, 0, 'check succeed'],
    [503, 1, 'check failed'],
  ])('podcli makes of an answer of %i the exit code %i', (status, exitCode, words) => {
    const world = run(
      'ghcr.io/stefanprodan/podinfo',
      ['podcli', 'check', 'http', 'web:80/readyz'],
      undefined,
      {
        answer: () => ({ ok: true, response: { protocol: 'http', status, headers: {}, body: '' } }),
      },
    )
    world.sim.advance(2000)
    expect(world.exitCode).toBe(exitCode)
    expect(world.output.join('')).toContain(words)
  })
})

describe('the Online Boutique', () => {
  const REPOSITORY = 'us-central1-docker.pkg.dev/google-samples/microservices-demo'
  const visit = (path: string, broken?: string) => {
    const world = run(`${REPOSITORY}/frontend:v0.10.6`, undefined, undefined, {
      environment: {
        CURRENCY_SERVICE_ADDR: 'currencyservice:7000',
        PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice:3550',
        CART_SERVICE_ADDR: 'cartservice:7070',
      },
      answer: host =>
        host === broken
          ? { ok: false, error: 'connection refused' }
          : { ok: true, response: { protocol: 'tcp', data: '' } },
    })
    world.sim.advance(500)
    return world.ask(8080, { protocol: 'http', path })
  }

  test('shows its home page when those it asks answer', () => {
    expect(visit('/')).toMatchObject({ status: 200 })
    expect(visit('/', 'cartservice')).toMatchObject({ status: 500 })
    expect(body(visit('/', 'cartservice'))).toContain('could not retrieve cart')
    expect(visit('/_healthz', 'cartservice')).toMatchObject({ status: 200, body: 'ok' })
  })

  test('listens where it is told to', () => {
    const world = run(`${REPOSITORY}/emailservice`, undefined, undefined, { environment: { PORT: '8081' } })
    world.sim.advance(5000)
    expect(world.network.ports).toEqual([8081])
  })

  test('is visited by its load generator', () => {
    const world = run(`${REPOSITORY}/loadgenerator`, undefined, undefined, {
      environment: { FRONTEND_ADDR: 'frontend:80', USERS: '10' },
    })
    world.sim.advance(60_000)
    expect(world.asked.length).toBeGreaterThan(100)
    expect(world.asked[0]).toMatchObject({ host: 'frontend', port: 80 })
  })
})

describe('cassandra', () => {
  const start = (answer?: Parameters<typeof run>[3]) =>
    run('gcr.io/google-samples/cassandra:v14', undefined, undefined, {
      environment: { POD_IP: '10.0.0.1', CASSANDRA_SEEDS: 'seed', CASSANDRA_DC: 'DC1' },
      ...answer,
    })
  const status = (world: ReturnType<typeof run>) => body(world.ask(7199, { protocol: 'tcp', data: 'status' }))

  test('learns of the ring from its seed, and notices who is gone', () => {
    let isUp = true
    const world = start({
      answer: host =>
        host === 'seed' || isUp
          ? { ok: true, response: { protocol: 'tcp', data: 'pod-2@10.0.0.2' } }
          : { ok: false, error: 'i/o timeout' },
    })
    world.sim.advance(20_000)
    expect(status(world)).toMatch(/^Datacenter: DC1\n[\s\S]*\nUN {2}10\.0\.0\.1 [\s\S]*\nUN {2}10\.0\.0\.2 /)
    isUp = false
    world.sim.advance(20_000)
    expect(status(world)).toMatch(/\nUN {2}10\.0\.0\.1 [\s\S]*\nDN {2}10\.0\.0\.2 /)
  })

  test.each(['nodetool status', '/ready-probe.sh'])('%s fails until it runs', command => {
    const world = run('gcr.io/google-samples/cassandra:v14', ['bash', '-c', command])
    world.sim.advance(1000)
    expect(world.exitCode).toBe(1)
  })
})

describe('flannel', () => {
  const flanneld = (files: Record<string, string>) => {
    const world = run(
      'ghcr.io/flannel-io/flannel:v0.28.9',
      ['/opt/bin/flanneld', '--healthz-port=8081'],
      undefined,
      {
        files,
      },
    )
    world.sim.advance(1000)
    return world
  }

  test('is healthy once it has found its network', () => {
    const world = flanneld({
      '/etc/kube-flannel/net-conf.json': '{"Network": "10.244.0.0/16", "Backend": {"Type": "vxlan"}}',
    })
    expect(world.ask(8081, { protocol: 'http', path: '/readyz' })).toMatchObject({ status: 200 })
    expect(world.output.join('\n')).toContain('Backend type: vxlan')
  })

  test('ends without a configuration', () => {
    expect(flanneld({}).exitCode).toBe(1)
  })

  test('copies its CNI configuration', () => {
    const world = run(
      'ghcr.io/flannel-io/flannel',
      ['/opt/bin/install-conf', '/from', '/etc/to'],
      undefined,
      {
        files: { '/from': '{}' },
      },
    )
    world.sim.advance(100)
    expect(world.files.get('/etc/to')).toBe('{}')
    expect(world.exitCode).toBe(0)
  })
})

test('redis-cli prints what a server answers, without its marks', () => {
  const world = run('redis:8', ['redis-cli', '-h', 'cache', 'ping'], undefined, {
    answer: () => ({ ok: true, response: { protocol: 'tcp', data: '+PONG' } }),
  })
  world.sim.advance(100)
  expect(world.output).toEqual(['PONG'])
})

test.each([
  ['registry.k8s.io/coredns/coredns:v1.12.0', [53, 8080, 8181, 9153], 8181, '/ready', 'OK'],
  ['registry.k8s.io/kube-proxy:v1.33.0', [10_249, 10_256], 10_256, '/healthz', 'ok'],
] as const)('%s listens on %j and says that it is well', (image, ports, port, path, words) => {
  const world = run(image)
  world.sim.advance(500)
  expect(world.network.ports).toEqual(ports)
  expect(body(world.ask(port, { protocol: 'http', path }))).toBe(words)
})
