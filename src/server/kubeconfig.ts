/**
 * The kubeconfig by which kubectl finds the served cluster. One that somebody else made is never touched.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../sim/index.ts'
import type { KeyPair } from './certificates.ts'

/** The first line of every file of ours, by which it is known again. */
const MARK = '# Made by kubarium serve; it is overwritten by the next one.'

export interface KubeconfigFacts {
  /** `https://127.0.0.1:6443` */
  readonly server: string
  /** PEM */
  readonly authority: string
  readonly client: KeyPair
}

/** The text of a kubeconfig. */
export function kubeconfigText({ server, authority, client }: KubeconfigFacts): string {
  const base64 = (pem: string) => Buffer.from(pem).toString('base64')
  return `${MARK}
apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: ${base64(authority)}
    server: ${server}
  name: kubarium
contexts:
- context:
    cluster: kubarium
    user: kubernetes-admin
  name: kubernetes-admin@kubarium
current-context: kubernetes-admin@kubarium
preferences: {}
users:
- name: kubernetes-admin
  user:
    client-certificate-data: ${base64(client.certificate)}
    client-key-data: ${base64(client.key)}
`
}

/** Where it goes unless said otherwise: `~/.kube/kubarium.yaml`. */
export function usualKubeconfig(): string {
  return join(homedir(), '.kube', 'kubarium.yaml')
}

/** Throws UserError when the file is somebody else's. */
export function checkKubeconfig(path: string): void {
  const present = readIfThere(path)
  if (present && !present.startsWith(MARK)) {
    throw new UserError(`${path} is a kubeconfig that kubarium did not make`, {
      where: '--kubeconfig',
      mend: 'Name another file; it is not overwritten.',
    })
  }
}

/**
 * The server that a kubeconfig of ours names, if something listens there still and it is not `url`: another
 * `kubarium serve`, whose users would wonder.
 */
export async function serverReplaced(path: string, url: string): Promise<string | undefined> {
  const before = /^ +server: (\S+)$/m.exec(readIfThere(path) ?? '')?.[1]
  if (before === undefined || before === url || !URL.canParse(before)) return undefined
  const { hostname, port } = new URL(before)
  const isThere = await new Promise<boolean>(resolve => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), timeout: 300 })
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
    socket.once('timeout', () => settle(false))
  })
  return isThere ? before : undefined
}

/** Writes it, readable for its owner only. Throws UserError. */
export function writeKubeconfig(path: string, text: string): void {
  checkKubeconfig(path)
  const draft = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(resolve(path)), { recursive: true })
    writeFileSync(draft, text, { mode: 0o600 })
    renameSync(draft, path)
  } catch (error) {
    throw unwritable(path, error)
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unwritable(path, error)
  }
}

function unwritable(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) return error
  return new UserError(`${path} cannot be written (${code})`, {
    where: '--kubeconfig',
    mend: 'Name another file.',
  })
}
