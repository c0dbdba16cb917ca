/**
 * The API server's calls to webhooks outside, as real HTTPS requests. Each answer is let in as an input, so that a
 * replay asks nobody. Mirrors the REST client of `k8s.io/apiserver/pkg/util/webhook`; failures are worded as Go's.
 */
import { type RequestOptions, request } from 'node:https'
import { parseUrl } from '../api/index.ts'
import type { WebhookAnswer } from '../apiserver/index.ts'
import type { OutsideCall } from '../cluster/index.ts'
import type { Gateway } from './gateway.ts'
import type { Pace } from './pace.ts'

/** Bytes of an answer that are read. */
const MAX_ANSWER_BYTES = 3 * 1024 * 1024

/**
 * Answers every call to a URL from now on. Time goes no faster than outside while somebody is asked. A rewind breaks
 * calls off: what is still waited for in the world it leads to is asked again.
 */
export function answerWebhooks(gateway: Gateway, pace: Pace): void {
  gateway.inEachWorld(({ webhooks }, ending) => {
    webhooks.toOutside(call => {
      if (ending.aborted) return
      pace.hold()
      post(call, ending, answer => {
        if (!ending.aborted) gateway.enter({ do: 'webhook', call: call.call, answer }, {})
        pace.release()
      })
    })
  })
}

function post(
  { url, caBundle, body, timeoutMs }: OutsideCall,
  signal: AbortSignal,
  reply: (answer: WebhookAnswer) => void,
): void {
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    signal,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json, */*',
      'user-agent': 'kube-apiserver-admission',
    },
    ...(caBundle && { ca: Buffer.from(caBundle, 'base64') }),
  }
  let isOver = false
  const once = (answer: WebhookAnswer) => {
    if (isOver) return
    isOver = true
    clearTimeout(deadline)
    reply(answer)
  }
  const failed = (error: unknown) => once({ ok: false, message: inGoWords(error, url) })
  let deadline: NodeJS.Timeout | undefined
  try {
    const sent = request(url, options, answer => {
      const chunks: Buffer[] = []
      let bytes = 0
      answer.on('error', failed)
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > MAX_ANSWER_BYTES) sent.destroy(new Error('the answer is too large'))
        else chunks.push(chunk)
      })
      answer.on('end', () =>
        once({ ok: true, code: answer.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()) }),
      )
    })
    deadline = setTimeout(() => sent.destroy(new Error('context deadline exceeded')), timeoutMs)
    sent.on('error', failed)
    sent.end(body)
  } catch (error) {
    // A URL, a certificate or a header that Node does not take.
    setImmediate(failed, error)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
])

interface SystemError extends Error {
  readonly code?: string
  readonly address?: string
  readonly port?: number
}

/** What Go's HTTP client says where Node's has a code. */
function inGoWords(error: unknown, url: string): string {
  const { code = '', message, address, port } = error as SystemError
  const dial = `dial tcp ${address?.includes(':') ? `[${address}]` : address}:${port}`
  switch (code) {
    case 'ECONNREFUSED':
      return `${dial}: connect: connection refused`
    case 'EHOSTUNREACH':
      return `${dial}: connect: no route to host`
    case 'ETIMEDOUT':
      return `${dial}: i/o timeout`
    case 'ERR_INVALID_URL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `dial tcp: lookup ${hostOf(url)}: no such host`
    case 'ECONNRESET':
      return 'EOF'
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return 'http: server gave HTTP response to HTTPS client'
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid'
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `tls: failed to verify certificate: x509: certificate is not valid for ${hostOf(url)}`
    default:
      return UNKNOWN_AUTHORITY.has(code)
        ? 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
        : message
  }
}

/** Without its port; Go takes more for a host than Node, and looks it up. */
function hostOf(url: string): string {
  const parsed = parseUrl(url)
  return 'error' in parsed ? '' : parsed.host.replace(/:\d*$/, '').replace(/^\[|\]$/g, '')
}
