/** kubectl against a real API server and etcd with a wire between them, and nobody else. */
import { type AnyKind, KINDS, type KubeObject, Scheme, ServiceAccounts } from '../../src/api/index.ts'
import { ApiServer, sealObject } from '../../src/apiserver/index.ts'
import { type ApiPort, type ApiResult, requestFor, Wire } from '../../src/client/index.ts'
import { Etcd, MemoryStorage } from '../../src/etcd/index.ts'
import { type KubectlContext, type KubectlResult, runKubectl, shellWords } from '../../src/kubectl/index.ts'
import { Simulation } from '../../src/sim/index.ts'

/** What is sent to create an object; apiVersion and kind are filled in. */
interface NewThing {
  readonly metadata: object
  readonly [field: string]: unknown
}

export class TestCluster {
  readonly sim = new Simulation({ seed: 1 })
  readonly #scheme = new Scheme(KINDS)
  readonly #api: ApiPort
  /** Added to what kubectl works with. */
  ports: Partial<KubectlContext> = {}

  constructor() {
    const { root } = this.sim
    const etcd = new Etcd<KubeObject>(root.child('etcd'), {
      storage: new MemoryStorage<KubeObject>(),
      seal: sealObject,
    })
    const server = new ApiServer(root.child('apiserver'), { scheme: this.#scheme, etcd })
    server.start()
    this.sim.advance(100)
    const user = { name: 'kubernetes-admin', groups: ['system:masters'] }
    this.#api = new Wire(this.sim).connect('kubectl', 'apiserver', () => server, user)
    this.create(ServiceAccounts, { metadata: { name: 'default', namespace: 'default' } })
  }

  /** Starts a command; its result appears in `result`. `files` are those it may read. */
  start(line: string, files: Readonly<Record<string, string>> = {}): { result: KubectlResult | undefined } {
    const running: { result: KubectlResult | undefined } = { result: undefined }
    const context: KubectlContext = {
      sim: this.sim,
      api: this.#api,
      scheme: this.#scheme,
      namespace: 'default',
      readFile: path => files[path],
      ...this.ports,
    }
    const label = this.sim.label('kubectl')
    this.sim.root.spawn(label, runKubectl(context, shellWords(line)), result => {
      running.result = result
      this.sim.markChanged()
    })
    return running
  }

  /** Runs a command to its end. */
  run(line: string, files: Readonly<Record<string, string>> = {}): KubectlResult {
    const running = this.start(line, files)
    this.sim.runUntil(() => running.result !== undefined, 3_600_000)
    if (!running.result) throw new Error(`kubectl ${line} does not end`)
    return running.result
  }

  /** What a command prints on both outputs, one after the other. */
  text(line: string, files: Readonly<Record<string, string>> = {}): string {
    const { stdout, stderr } = this.run(line, files)
    return stdout + stderr
  }

  create(kind: AnyKind, object: NewThing): KubeObject {
    const { namespace = '' } = object.metadata as { namespace?: string }
    const { status, ...rest } = object
    const body = { apiVersion: kind.apiVersion, kind: kind.kind, ...rest }
    const created = this.#ask(requestFor('create', kind, namespace, '', { body }))
    return status === undefined ? created : this.setStatus(kind, namespace, created.metadata.name, status)
  }

  setStatus(kind: AnyKind, namespace: string, name: string, status: unknown): KubeObject {
    return this.#ask(
      requestFor('patch', kind, namespace, name, {
        subresource: 'status',
        body: { status },
        options: { patchType: 'merge' },
      }),
    )
  }

  /** Deletes at once, without grace. */
  delete(kind: AnyKind, namespace: string, name: string): void {
    this.#ask(requestFor('delete', kind, namespace, name, { options: { gracePeriodSeconds: 0 } }))
  }

  get(kind: AnyKind, namespace: string, name: string): KubeObject {
    return this.#ask(requestFor('get', kind, namespace, name))
  }

  #ask(request: Parameters<ApiPort['request']>[0]): KubeObject {
    let answer: ApiResult | undefined
    this.#api.request(request, result => {
      answer = result
      this.sim.markChanged()
    })
    this.sim.runUntil(() => answer !== undefined, 60_000)
    if (!answer?.ok) throw new Error(`${request.verb} ${request.name}: ${answer?.status.message}`)
    return answer.object
  }
}
