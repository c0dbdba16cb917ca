/**
 * The Online Boutique's services (GoogleCloudPlatform/microservices-demo). The frontend answers when its catalogue,
 * currencies and cart do; the load generator visits it; the others listen. Simplified: gRPC is a connection without
 * content.
 */
import { type Routine, sleep } from '../../sim/index.ts'
import { type AppRequest, type AppResponse, httpResponse } from '../container-network.ts'
import type { ContainerProcess, Image, Program } from '../program.ts'
import { server } from '../server.ts'

const CONNECTED: AppResponse = { protocol: 'tcp', data: '' }

/** A structured line of Google's loggers. */
function say(container: ContainerProcess, severity: 'info' | 'error', message: string): void {
  const timestamp = new Date(container.scope.sim.now).toISOString()
  container.log(JSON.stringify({ message, severity, timestamp }))
}

/** The address that a service is told to listen on. */
const portOf = ({ environment }: ContainerProcess, usual: number) => Number(environment.PORT) || usual

/** A service that is only called. */
const grpcService = (usual: number, startupMs: number, greeting: string) =>
  server({
    startupMs,
    shutdownMs: 50,
    ports: container => [portOf(container, usual)],
    started: container => say(container, 'info', `${greeting} ${portOf(container, usual)}`),
    serve: () => (_request, reply) => reply(CONNECTED),
  })

/** Whom the home page asks, and what it could not get without them. */
const ASKED = [
  ['CURRENCY_SERVICE_ADDR', 'could not retrieve currencies'],
  ['PRODUCT_CATALOG_SERVICE_ADDR', 'could not retrieve products'],
  ['CART_SERVICE_ADDR', 'could not retrieve cart'],
] as const

function* visit(container: ContainerProcess, request: AppRequest): Routine<AppResponse> {
  if (request.protocol !== 'http') return CONNECTED
  const path = request.path.split('?')[0]!
  if (path === '/_healthz') return httpResponse(200, 'ok')
  if (path === '/robots.txt') return httpResponse(200, 'User-agent: *\nDisallow: /')
  if (path !== '/' && path !== '/cart' && !path.startsWith('/product/')) {
    return httpResponse(404, '404 page not found\n')
  }
  for (const [variable, complaint] of ASKED) {
    const [host = '', port] = (container.environment[variable] ?? '').split(':')
    const clientIp = container.network.ips[0] ?? ''
    const result = yield* container.request(host, Number(port ?? 80), { protocol: 'tcp', data: '', clientIp })
    if (result.ok) continue
    const why = `${complaint}: rpc error: code = Unavailable desc = connection error: ${result.error}`
    say(container, 'error', `request error: ${why}`)
    return httpResponse(500, `<h1>Uh, oh!</h1>\n<p>Something has failed. ${why}</p>\n`, 'text/html')
  }
  return httpResponse(
    200,
    '<!DOCTYPE html>\n<html lang="en">\n<title>Online Boutique</title>\n</html>\n',
    'text/html',
  )
}

const frontend = server({
  startupMs: 400,
  shutdownMs: 50,
  ports: container => [portOf(container, 8080)],
  started: container => say(container, 'info', `starting server on :${portOf(container, 8080)}`),
  serve: container => {
    const label = container.scope.sim.label('container/boutique')
    return (request, reply) => container.scope.spawn(label, visit(container, request), reply)
  },
})

const PATHS = ['/', '/product/OLJCESPC7Z', '/product/66VCHSJNUP', '/cart', '/product/1YMWWN1N4O']
/** Each user waits from one to ten seconds between two visits. */
const PAUSE_MS = 5500

function* loadgenerator(container: ContainerProcess): Routine<number> {
  const { FRONTEND_ADDR = '', USERS = '10' } = container.environment
  const [host = '', port] = FRONTEND_ADDR.split(':')
  container.logError(`Starting Locust 2.43.0`)
  container.logError(`All users spawned: {"WebsiteUser": ${USERS}} (${USERS} total users)`)
  const clientIp = container.network.ips[0] ?? ''
  for (let visits = 0; ; visits++) {
    yield* sleep(Math.max(1, Math.round(PAUSE_MS / Math.max(1, Number(USERS)))))
    const path = PATHS[visits % PATHS.length]!
    yield* container.request(host, Number(port ?? 80), {
      protocol: 'http',
      method: 'GET',
      path,
      headers: { host: FRONTEND_ADDR, 'user-agent': 'python-requests/2.32.5' },
      body: '',
      clientIp,
    })
  }
}

const REGISTRIES = [
  'us-central1-docker.pkg.dev/online-boutique-ci/microservices-demo',
  'us-central1-docker.pkg.dev/google-samples/microservices-demo',
  'gcr.io/google-samples/microservices-demo',
]

interface Service {
  readonly binary: string
  readonly program: Program
  readonly sizeBytes: number
  readonly memoryBytes: number
  /** Those of Go and .NET come without a shell. */
  readonly hasShell: boolean
}

const SERVICES: Readonly<Record<string, Service>> = {
  adservice: {
    binary: 'AdService',
    program: grpcService(9555, 6000, 'Ad Service started, listening on'),
    sizeBytes: 92_000_000,
    memoryBytes: 120_000_000,
    hasShell: true,
  },
  cartservice: {
    binary: 'cartservice',
    program: grpcService(7070, 1500, 'Now listening on: http://[::]:'),
    sizeBytes: 28_000_000,
    memoryBytes: 40_000_000,
    hasShell: false,
  },
  checkoutservice: {
    binary: 'checkoutservice',
    program: grpcService(5050, 300, 'starting to listen on tcp: port'),
    sizeBytes: 11_000_000,
    memoryBytes: 14_000_000,
    hasShell: false,
  },
  currencyservice: {
    binary: 'node',
    program: grpcService(7000, 900, 'CurrencyService gRPC server started on port'),
    sizeBytes: 61_000_000,
    memoryBytes: 45_000_000,
    hasShell: true,
  },
  emailservice: {
    binary: 'python',
    program: grpcService(8080, 1800, 'listening on port:'),
    sizeBytes: 66_000_000,
    memoryBytes: 45_000_000,
    hasShell: true,
  },
  frontend: {
    binary: 'server',
    program: frontend,
    sizeBytes: 13_000_000,
    memoryBytes: 20_000_000,
    hasShell: false,
  },
  loadgenerator: {
    binary: 'locust',
    program: loadgenerator,
    sizeBytes: 68_000_000,
    memoryBytes: 60_000_000,
    hasShell: true,
  },
  paymentservice: {
    binary: 'node',
    program: grpcService(50051, 900, 'PaymentService gRPC server started on port'),
    sizeBytes: 60_000_000,
    memoryBytes: 45_000_000,
    hasShell: true,
  },
  productcatalogservice: {
    binary: 'productcatalogservice',
    program: grpcService(3550, 300, 'starting grpc server at port'),
    sizeBytes: 11_000_000,
    memoryBytes: 14_000_000,
    hasShell: false,
  },
  recommendationservice: {
    binary: 'python',
    program: grpcService(8080, 1800, 'listening on port:'),
    sizeBytes: 66_000_000,
    memoryBytes: 50_000_000,
    hasShell: true,
  },
  shippingservice: {
    binary: 'shippingservice',
    program: grpcService(50051, 300, 'Shipping Service listening on port'),
    sizeBytes: 11_000_000,
    memoryBytes: 14_000_000,
    hasShell: false,
  },
}

export const images: readonly Image[] = Object.entries(SERVICES).map(
  ([name, { binary, program, sizeBytes, memoryBytes, hasShell }]): Image => ({
    repositories: REGISTRIES.map(registry => `${registry}/${name}`),
    sizeBytes,
    entrypoint: [binary],
    command: [],
    programs: { [binary]: program },
    hasShell,
    idleUsage: { cpuMilli: name === 'loadgenerator' ? 10 : 3, memoryBytes },
  }),
)
