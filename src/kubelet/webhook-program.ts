/**
 * `agnhost webhook`: the admission and conversion webhooks that Kubernetes' own end-to-end tests use, by path. TLS is
 * not modelled inside the simulation, so certificates are not looked at.
 */
import { encodeBase64 } from '../api/index.ts'
import { type AppRequest, type AppResponse, httpResponse } from './container-network.ts'
import { flag } from './flags.ts'
import type { ContainerProcess } from './program.ts'
import { server } from './server.ts'

interface Metadata {
  readonly labels?: Readonly<Record<string, string>>
}

interface Given {
  readonly metadata?: Metadata
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: { readonly initContainers?: readonly object[] }
}

interface AdmissionReview {
  readonly apiVersion: string
  readonly request?: { readonly uid: string; readonly operation: string; readonly object?: Given }
}

interface ConversionReview {
  readonly apiVersion: string
  readonly request?: {
    readonly uid: string
    readonly desiredAPIVersion: string
    readonly objects: readonly Readonly<Record<string, unknown>>[]
  }
}

interface Verdict {
  readonly allowed: boolean
  readonly status?: { readonly message: string }
  readonly patch?: readonly object[]
}

const ALLOWED: Verdict = { allowed: true }
const denied = (message: string): Verdict => ({ allowed: false, status: { message } })
const added = (path: string, value: unknown): Verdict => ({
  allowed: true,
  patch: [{ op: 'add', path, value }],
})

const VERDICTS: Readonly<Record<string, (object: Given, operation: string) => Verdict>> = {
  '/always-allow-delay-5s': () => ALLOWED,
  '/always-deny': () => denied('this webhook denies all requests'),
  '/add-label': ({ metadata }) => {
    if (!metadata?.labels) return added('/metadata/labels', { 'added-label': 'yes' })
    return metadata.labels['added-label'] === 'yes' ? ALLOWED : added('/metadata/labels/added-label', 'yes')
  },
  '/pods': ({ metadata }) =>
    metadata?.labels?.['webhook-e2e-test'] === 'webhook-disallow'
      ? denied('the pod response contains unwanted label')
      : ALLOWED,
  '/pods/attach': () => denied("attaching to pod 'to-be-attached-pod' is not allowed"),
  '/mutating-pods': ({ spec }) => {
    const container = {
      image: 'registry.k8s.io/pause:3.10',
      name: 'webhook-added-init-container',
      resources: {},
    }
    const isThere = spec?.initContainers?.length
    return added(
      isThere ? '/spec/initContainers/-' : '/spec/initContainers',
      isThere ? container : [container],
    )
  },
  '/configmaps': ({ data }, operation) =>
    operation !== 'DELETE' && data?.['webhook-e2e-test'] === 'webhook-disallow'
      ? denied('the configmap contains unwanted key and value')
      : ALLOWED,
  '/mutating-configmaps': ({ data }) => {
    if (data?.['mutation-start'] === 'yes') return added('/data/mutation-stage-1', 'yes')
    return data?.['mutation-stage-1'] === 'yes' ? added('/data/mutation-stage-2', 'yes') : ALLOWED
  },
  '/custom-resource': ({ data }) =>
    data?.['webhook-e2e-test'] === 'webhook-disallow'
      ? denied('the custom resource contains unwanted data')
      : ALLOWED,
  '/mutating-custom-resource': ({ data }) => {
    if (data?.['mutation-start'] === 'yes') return added('/data/mutation-stage-1', 'yes')
    return data?.['mutation-stage-1'] === 'yes' ? added('/data/mutation-stage-2', 'yes') : ALLOWED
  },
}

const DELAY_MS: Readonly<Record<string, number>> = { '/always-allow-delay-5s': 5000 }

export const serveWebhook = server({
  startupMs: 30,
  shutdownMs: 20,
  ports: container => [Number(flag(container.argv, 'port') ?? 443)],
  serve: container => {
    const label = container.scope.sim.label('program/webhook')
    return (request, reply) => {
      const delayMs = request.protocol === 'http' ? DELAY_MS[request.path.split('?')[0]!] : undefined
      if (delayMs === undefined) reply(answer(container, request))
      else container.scope.schedule(delayMs, label, reply, answer(container, request))
    }
  },
})

function answer(container: ContainerProcess, request: AppRequest): AppResponse {
  if (request.protocol !== 'http') return { protocol: 'tcp', data: '' }
  const path = request.path.split('?')[0]!
  if (path === '/readyz') return httpResponse(200, 'ok')
  const judge = Object.hasOwn(VERDICTS, path) ? VERDICTS[path] : undefined
  if (!judge && path !== '/crdconvert') return httpResponse(404, '404 page not found\n')
  container.logError(`handling request: ${path}`)
  try {
    const review: unknown = JSON.parse(request.body)
    const response = judge
      ? admission(judge, review as AdmissionReview)
      : conversion(review as ConversionReview)
    return httpResponse(200, JSON.stringify(response))
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error
    return httpResponse(400, `${error.message}\n`)
  }
}

function admission(judge: (object: Given, operation: string) => Verdict, review: AdmissionReview) {
  const { uid = '', object, operation = '' } = review.request ?? {}
  const { patch, ...verdict } = judge(object ?? {}, operation)
  const change = patch && { patchType: 'JSONPatch', patch: encodeBase64(JSON.stringify(patch)) }
  return {
    apiVersion: review.apiVersion,
    kind: 'AdmissionReview',
    response: { uid, ...verdict, ...change },
  }
}

/** The test's kind: v1 has `hostPort: host:port`, v2 has `host` and `port`. */
function conversion({ apiVersion, request }: ConversionReview) {
  const version = request?.desiredAPIVersion ?? ''
  const convertedObjects = (request?.objects ?? []).map(object => {
    const { host, port, hostPort, ...rest } = object
    if (version.endsWith('/v2') && typeof hostPort === 'string') {
      const [first, second] = hostPort.split(':')
      return { ...rest, apiVersion: version, host: first, port: second }
    }
    if (version.endsWith('/v1') && host !== undefined) {
      return { ...rest, apiVersion: version, hostPort: `${host}:${port}` }
    }
    return { ...object, apiVersion: version }
  })
  const response = { uid: request?.uid, result: { status: 'Success' }, convertedObjects }
  return { apiVersion, kind: 'ConversionReview', response }
}
