/** A client of a served cluster for measurements: a few HTTP/2 sessions, requests in turn over all of them. */
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'

export interface Answer {
  readonly code: number
  readonly bytes: number
  readonly text: string
}

/** Streams a server lets one session have. */
const STREAMS_A_SESSION = 250

export class HttpClient {
  readonly #sessions: readonly ClientHttp2Session[]
  #next = 0

  /** `sessions` connections with the kubeconfig's own certificate. */
  constructor(kubeconfig: string, sessions: number) {
    const field = (name: string) => new RegExp(`${name}: (\\S+)`).exec(kubeconfig)![1]!
    const pem = (name: string) => Buffer.from(field(name), 'base64')
    const options = {
      ca: pem('certificate-authority-data'),
      cert: pem('client-certificate-data'),
      key: pem('client-key-data'),
    }
    this.#sessions = Array.from({ length: sessions }, () => {
      const session = connect(field('server'), options)
      session.setMaxListeners(0)
      return session
    })
  }

  static sessionsFor(streams: number): number {
    return Math.ceil(streams / STREAMS_A_SESSION)
  }

  send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const stream = this.open(method, path, headers, body !== undefined)
    if (body !== undefined) stream.end(JSON.stringify(body))
    return new Promise((resolve, reject) => {
      let code = 0
      let bytes = 0
      const chunks: Buffer[] = []
      stream.on('response', head => {
        code = Number(head[':status'])
      })
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes < 4096) chunks.push(chunk)
      })
      stream.on('error', reject)
      stream.on('end', () => resolve({ code, bytes, text: Buffer.concat(chunks).toString() }))
    })
  }

  /** A stream whose answer is read by the caller. */
  open(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    hasBody = false,
  ): ClientHttp2Stream {
    const session = this.#sessions[this.#next++ % this.#sessions.length]!
    return session.request(
      {
        ':method': method,
        ':path': path,
        ...(hasBody && { 'content-type': 'application/json' }),
        ...headers,
      },
      { endStream: !hasBody },
    )
  }

  close(): void {
    for (const session of this.#sessions) session.destroy()
  }
}
