/** A server's door without sockets: a cluster behind it that runs, and requests that are answered in memory. */
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { Cluster } from '../../src/cluster/index.ts'
import { Door } from '../../src/server/door.ts'
import { Exchange } from '../../src/server/exchange.ts'
import { FlowControl } from '../../src/server/flow-control/index.ts'
import { Gateway } from '../../src/server/gateway.ts'
import { Metrics } from '../../src/server/metrics.ts'
import { Pace } from '../../src/server/pace.ts'
import type { FuzzRequest } from './requests.ts'

export interface Answer {
  readonly code: number
  readonly text: string
}

/** A cluster of one node at a thousand times real time. What breaks in it is in `bugs`. */
export class BareDoor {
  readonly cluster = Cluster.create({ nodes: 1 })
  readonly bugs: unknown[] = []
  readonly flow = new FlowControl()
  readonly metrics = new Metrics(this.cluster, this.flow)
  readonly #pace: Pace
  readonly #door: Door

  constructor() {
    const failed = (error: unknown) => this.bugs.push(error)
    const { cluster, flow, metrics } = this
    this.#pace = new Pace(cluster, 1000, failed)
    const gateway = new Gateway(cluster, this.#pace, failed)
    this.#door = new Door({ cluster, gateway, metrics, address: '127.0.0.1:6443', flow, failed })
    this.#pace.start()
  }

  close(): void {
    this.#pace.stop()
  }

  /** An exchange without a socket beneath it. */
  ask({ method, path, headers, body }: FuzzRequest): Promise<Answer> {
    return new Promise(resolve => {
      const incoming = new IncomingMessage(new Socket())
      Object.assign(incoming, { method, url: path, headers: { ...headers }, httpVersion: '1.1' })
      if (body !== undefined) incoming.push(body)
      incoming.push(null)
      const outgoing = new ServerResponse(incoming)
      let raw = ''
      const wire = new Duplex({
        read: () => {},
        write: (chunk: Buffer, _, done) => {
          raw += chunk
          done()
        },
      })
      outgoing.assignSocket(wire as unknown as Socket)
      // A server closes the answer when it has been written; without a server that is ours to do.
      outgoing.once('finish', () => outgoing.emit('close'))
      outgoing.once('close', () => {
        const [head = '', ...rest] = raw.split('\r\n\r\n')
        resolve({ code: Number(head.split(' ')[1] ?? 0), text: rest.join('\r\n\r\n') })
      })
      void this.#door.serve(new Exchange(incoming, outgoing))
    })
  }
}
