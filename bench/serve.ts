/**
 * `npm run bench:serve`: a served cluster under load, the server in a process of its own and this one as its clients,
 * over loopback. Bounded in requests and in time; prints the table of docs/how-to/serve.md.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HttpClient } from './http-client.ts'

const PROGRAM = fileURLToPath(new URL('../dist/kubarium.js', import.meta.url))
const NAMESPACE = '/api/v1/namespaces/default'
const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }
const PODS = 1000
const IN_FLIGHT = 200
const WATCHERS = 1000
const CHANGES = 100
/** What one row may take. */
const ROW_LIMIT_MS = 60_000

const folder = mkdtempSync(join(tmpdir(), 'kubarium-'))
const kubeconfig = join(folder, 'kubeconfig')
const server = spawn(
  process.execPath,
  [...process.argv.slice(2), PROGRAM, 'serve', '--port', '0', '--nodes', '10', '--kubeconfig', kubeconfig],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
server.once('exit', code => {
  if (code) process.exitCode = 1
})
await new Promise<void>(resolve => server.stdout.once('data', () => resolve()))
const client = new HttpClient(readFileSync(kubeconfig, 'utf8'), 4)
try {
  await measureAll()
} finally {
  client.close()
  server.kill('SIGTERM')
  rmSync(folder, { recursive: true })
}

async function measureAll(): Promise<void> {
  row('what', 'in flight', 'a second', 'p50 ms', 'p99 ms')
  row('---', '---', '---', '---', '---')
  await load('create a pod', PODS, IN_FLIGHT, n => client.send('POST', `${NAMESPACE}/pods`, podOf(n)))
  await settle()
  await load('get a pod', 10_000, IN_FLIGHT, n => client.send('GET', `${NAMESPACE}/pods/web-${n % PODS}`))
  await load('patch a pod', 2000, IN_FLIGHT, n =>
    client.send('PATCH', `${NAMESPACE}/pods/web-${n % PODS}`, patchOf(n), {
      'content-type': 'application/merge-patch+json',
    }),
  )
  await load('list 1,000 pods, JSON', 100, 4, () => client.send('GET', `${NAMESPACE}/pods`))
  await load('list 1,000 pods, Table', 100, 4, () =>
    client.send('GET', `${NAMESPACE}/pods`, undefined, TABLE),
  )
  await load('list 1,000 pods, JSON', 400, IN_FLIGHT, () => client.send('GET', `${NAMESPACE}/pods`))
  await fanOut()
}

/** Sends `count` requests, so many at a time, and prints how long they took. */
async function load(
  what: string,
  count: number,
  inFlight: number,
  send: (n: number) => Promise<{ code: number; text: string }>,
): Promise<void> {
  const times: number[] = []
  const startMs = performance.now()
  let next = 0
  const worker = async () => {
    while (next < count && performance.now() - startMs < ROW_LIMIT_MS) {
      const n = next++
      const sentMs = performance.now()
      const { code, text } = await send(n)
      if (code >= 300) throw new Error(`${what}: ${code} ${text}`)
      times.push(performance.now() - sentMs)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  const seconds = (performance.now() - startMs) / 1000
  row(what, String(inFlight), (times.length / seconds).toFixed(0), ...percentiles(times))
}

/** How long a change takes from the client that makes it to each of the watchers. */
async function fanOut(): Promise<void> {
  const watching = new HttpClient(readFileSync(kubeconfig, 'utf8'), HttpClient.sessionsFor(WATCHERS))
  const sentMs = new Map<string, number>()
  const times: number[] = []
  let seen = 0
  let isDone = () => {}
  const done = new Promise<void>(resolve => {
    isDone = resolve
  })
  const name = 'fan-out'
  const created = await client.send('POST', `${NAMESPACE}/configmaps`, {
    metadata: { name },
    data: { at: '' },
  })
  if (created.code !== 201) throw new Error(`configmap: ${created.code} ${created.text}`)
  const path = `${NAMESPACE}/configmaps?watch=1&fieldSelector=metadata.name%3D${name}`
  const begunMs = performance.now()
  await Promise.all(
    Array.from({ length: WATCHERS }, () => {
      const stream = watching.open('GET', path)
      let rest = ''
      return new Promise<void>((resolve, reject) => {
        stream.on('error', reject)
        stream.on('data', (chunk: Buffer) => {
          const lines = (rest + chunk.toString()).split('\n')
          rest = lines.pop()!
          for (const line of lines) {
            const key = /"at":"([^"]*)"/.exec(line)?.[1]
            if (key === undefined) continue
            if (key === '') resolve()
            else {
              times.push(performance.now() - sentMs.get(key)!)
              if (++seen === WATCHERS * CHANGES) isDone()
            }
          }
        })
      })
    }),
  )
  row(`open ${WATCHERS} watches`, String(WATCHERS), perSecond(WATCHERS, begunMs), '', '')
  const startMs = performance.now()
  for (let n = 0; n < CHANGES && performance.now() - startMs < ROW_LIMIT_MS; n++) {
    const key = `change-${n}`
    sentMs.set(key, performance.now())
    await client.send(
      'PATCH',
      `${NAMESPACE}/configmaps/${name}`,
      { data: { at: key } },
      {
        'content-type': 'application/merge-patch+json',
      },
    )
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  const limit = setTimeout(isDone, ROW_LIMIT_MS)
  await done
  clearTimeout(limit)
  if (seen !== WATCHERS * CHANGES) throw new Error(`${seen} of ${WATCHERS * CHANGES} events came`)
  row(`one change to ${WATCHERS} watches`, '1', perSecond(seen, startMs), ...percentiles(times))
  watching.close()
}

function perSecond(count: number, sinceMs: number): string {
  return ((count / (performance.now() - sinceMs)) * 1000).toFixed(0)
}

/** Waits until all pods run, as a list of running pods is what people ask for. */
async function settle(): Promise<void> {
  const deadlineMs = performance.now() + ROW_LIMIT_MS
  const path = `${NAMESPACE}/pods?limit=1&fieldSelector=status.phase%3DPending`
  while (performance.now() < deadlineMs) {
    const { text } = await client.send('GET', path)
    if (text.includes('"items":[]')) return
    await new Promise(resolve => setTimeout(resolve, 500))
  }
  throw new Error('the pods do not run')
}

function podOf(n: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `web-${n}`, labels: { app: 'web', part: String(n % 10) } },
    spec: {
      containers: [{ name: 'web', image: 'nginx', resources: { requests: { cpu: '10m', memory: '16Mi' } } }],
    },
  }
}

function patchOf(n: number): object {
  return { metadata: { labels: { part: `p${n}` } } }
}

function percentiles(times: number[]): [string, string] {
  times.sort((a, b) => a - b)
  const at = (share: number) =>
    (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(0)
  return [at(0.5), at(0.99)]
}

function row(...cells: string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}
