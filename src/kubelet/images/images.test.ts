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
