/**
 * `/openapi/v2` and `/openapi/v3` over HTTP. The published definitions are a megabyte: they are loaded when somebody
 * first asks. Mirrors k8s.io/kube-openapi's handler and handler3.
 */
import { createHash } from 'node:crypto'
import { type Definitions, OpenApi } from '../../apiserver/index.ts'
import type { Cluster } from '../../cluster/index.ts'
import type { Exchange } from '../exchange.ts'
import { NOT_ACCEPTABLE, readAccept } from '../negotiate.ts'

/** Answers are of this type; older clients ask for it with an `@`, which no media type may have. */
const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
const OLD_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
const JSON_TYPES = new Set(['application/json', 'application/*', '*/*'])

const documents = new WeakMap<Cluster, Promise<OpenApi>>()

/** Answers a GET under `/openapi`; `path` begins with it. */
export async function serveOpenApi(exchange: Exchange, path: string, cluster: Cluster): Promise<void> {
  let loading = documents.get(cluster)
  if (!loading) {
    loading = load(cluster)
    documents.set(cluster, loading)
  }
  const openApi = await loading
  if (path === '/openapi/v2') serveV2(exchange, openApi)
  else if (path === '/openapi/v3') answer(exchange, 'application/json', openApi.v3Index())
  else if (path.startsWith('/openapi/v3/')) serveV3(exchange, path.slice('/openapi/v3/'.length), openApi)
  else exchange.notFound()
}

async function load(cluster: Cluster): Promise<OpenApi> {
  const { DEFINITIONS, DEFINITIONS_HASH } = await import('./definitions.generated.ts')
  return new OpenApi({
    scheme: cluster.world.controlPlane.scheme,
    definitions: JSON.parse(DEFINITIONS) as Definitions,
    definitionsHash: DEFINITIONS_HASH,
  })
}

function serveV2(exchange: Exchange, openApi: OpenApi): void {
  for (const { type } of readAccept(exchange.header('accept') || '*/*')) {
    if (type === PROTOBUF || type === OLD_PROTOBUF) {
      answer(exchange, PROTOBUF, Buffer.from(openApi.v2Protobuf()))
      return
    }
    if (JSON_TYPES.has(type)) {
      answer(exchange, 'application/json', openApi.v2())
      return
    }
  }
  exchange.refuse(NOT_ACCEPTABLE)
}

function serveV3(exchange: Exchange, name: string, openApi: OpenApi): void {
  const groupVersion = /^api\/(v[^/]*)$/.exec(name)?.[1] ?? /^apis\/([^/]+\/[^/]+)$/.exec(name)?.[1]
  const document = groupVersion === undefined ? undefined : openApi.v3(groupVersion)
  if (document === undefined) {
    exchange.notFound()
    return
  }
  if (exchange.query.has('hash')) exchange.outgoing.setHeader('cache-control', 'public, immutable')
  answer(exchange, 'application/json', document)
}

/** With an entity tag, by which a client need not be sent what it has. */
function answer(exchange: Exchange, type: string, body: string | Buffer): void {
  const tag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32).toUpperCase()}"`
  exchange.outgoing.setHeader('etag', tag)
  exchange.outgoing.setHeader('vary', 'Accept')
  if (exchange.header('if-none-match') === tag) exchange.write(304, type, '')
  else exchange.write(200, type, body)
}
