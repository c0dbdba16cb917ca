/**
 * The control plane of a kubeadm cluster with one control-plane machine: etcd, kube-apiserver, kube-scheduler and
 * kube-controller-manager, each a component that can crash by itself.
 */
import { CLIENT, KINDS, type KubeObject, NAMES, Scheme } from '../api/index.ts'
import {
  ApiServer,
  type ResourceMetrics as ApiServerMetrics,
  PORTABLE_SIGNER,
  sealObject,
  secretToken,
  type TokenSigner,
  type WebhookPort,
} from '../apiserver/index.ts'
import { type ConnectOptions, Informers, type UserInfo, type Wire } from '../client/index.ts'
import type { ResourceMetrics } from '../controllers/index.ts'
import {
  type CertificateSigner,
  type Credentials,
  pureControllers,
  STAND_IN_CERTIFICATE,
} from '../controllers/index.ts'
import { Etcd, MemoryStorage } from '../etcd/index.ts'
import { Scheduler } from '../scheduler/index.ts'
import { assert, type Routine, type Scope, sleep } from '../sim/index.ts'
import { type Addressing, API_SERVER_IP } from './addressing.ts'
import { Component } from './component.ts'
import type { ClusterSettings } from './config.ts'
import { ControllerManager } from './controller-manager.ts'
import { EtcdClient } from './etcd-client.ts'
import { componentUser, controllerUser } from './identities.ts'
import { competeToLead } from './leadership.ts'

export const API_SERVER = 'kube-apiserver'
const CONTROLLER_MANAGER = 'kube-controller-manager'
const SCHEDULER_NAME = 'kube-scheduler'

/** What the control plane is given of the world around it. */
interface ControlPlaneParts {
  readonly tokenSigner?: TokenSigner
  readonly webhooks: WebhookPort
  /** Who signs certificates, where the cluster has an authority. */
  readonly certificates: CertificateSigner
  readonly metrics: ResourceMetrics & ApiServerMetrics
}

export class ControlPlane {
  readonly scheme = new Scheme(KINDS)
  readonly etcd: Component<Etcd<KubeObject>>
  readonly apiServer: Component<ApiServer>
  readonly scheduler: Component<Scheduler>
  readonly controllerManager: Component<ControllerManager>
  readonly #world: Scope
  readonly #wire: Wire
  #lastStore: Etcd<KubeObject>['store'] | undefined

  constructor(
    world: Scope,
    wire: Wire,
    settings: ClusterSettings,
    addressing: Addressing,
    { tokenSigner, webhooks, certificates, metrics }: ControlPlaneParts,
  ) {
    const isGuarded = settings.authorization === 'RBAC'
    const { certificateAuthority } = settings
    const credentials: Credentials = {
      tokens: { issue: (account, secret) => secretToken(tokenSigner ?? PORTABLE_SIGNER, account, secret) },
      rootCertificate: certificateAuthority ?? STAND_IN_CERTIFICATE,
      ...(certificateAuthority && { signer: certificates }),
    }
    this.#world = world
    this.#wire = wire
    const storage = new MemoryStorage<KubeObject>()
    let client: EtcdClient | undefined
    this.etcd = new Component(world, wire, 'etcd', scope => {
      const etcd = new Etcd<KubeObject>(scope, { storage, seal: sealObject })
      etcd.start()
      this.#lastStore = etcd.store
      return etcd
    })
    this.etcd.onStart = () => client?.memberStarted()
    this.etcd.onCrash = () => client?.memberDied()
    this.apiServer = new Component(world, wire, API_SERVER, scope => {
      client = new EtcdClient(scope, () => this.etcd.present)
      const server = new ApiServer(scope, {
        scheme: this.scheme,
        etcd: client,
        managedFields: settings.managedFields,
        serviceCidr: addressing.serviceCidr,
        advertiseAddress: API_SERVER_IP,
        authorization: settings.authorization,
        tokenSigner,
        metrics,
        webhooks,
      })
      server.start()
      return server
    })
    const limits = (qps: number, burst: number): ConnectOptions =>
      settings.hasClientLimits ? { rateLimit: { qps, burst } } : {}
    this.scheduler = new Component(world, wire, SCHEDULER_NAME, scope => {
      const api = this.connect(SCHEDULER_NAME, componentUser(SCHEDULER_NAME), {
        scope,
        ...limits(CLIENT.schedulerQps, CLIENT.schedulerBurst),
      })
      const informers = new Informers(scope, api)
      const scheduler = new Scheduler(scope, { api, informers })
      competeToLead(scope, {
        api,
        name: SCHEDULER_NAME,
        lead: () => {
          scheduler.start()
          informers.start()
        },
        exit: () => this.scheduler.exit(),
      })
      return scheduler
    })
    this.controllerManager = new Component(world, wire, CONTROLLER_MANAGER, scope => {
      const user = componentUser(CONTROLLER_MANAGER)
      const own = limits(CLIENT.controllerManagerQps, CLIENT.controllerManagerBurst)
      const api = this.connect(CONTROLLER_MANAGER, user, { scope })
      const manager = new ControllerManager(scope, {
        api,
        controllers: pureControllers({ isGuarded, rootCertificate: settings.certificateAuthority }),
        connect: name => this.connect(CONTROLLER_MANAGER, controllerUser(name), { scope, ...own }),
        addressing,
        scheme: this.scheme,
        metrics,
        credentials: isGuarded ? credentials : undefined,
      })
      competeToLead(scope, {
        api,
        name: CONTROLLER_MANAGER,
        lead: () => manager.start(),
        exit: () => this.controllerManager.exit(),
      })
      return manager
    })
  }

  /** A client's connection to the API server. */
  connect(clientName: string, user: UserInfo, options: ConnectOptions) {
    return this.#wire.connect(clientName, API_SERVER, () => this.apiServer.present, user, options)
  }

  /** What etcd has committed, up or down. */
  get store(): Etcd<KubeObject>['store'] {
    assert(this.#lastStore, 'etcd has been started')
    return this.#lastStore
  }

  start(): void {
    this.etcd.start()
    this.apiServer.start()
    this.#world.spawn(this.#world.sim.label('kubelet/start-static-pods'), this.#startClients())
  }

  /** Those whose Leases are in kube-system wait for it, lest they lose seconds in their first back-off. */
  *#startClients(): Routine<void> {
    while (!this.store.get(`/registry/namespaces/${NAMES.systemNamespace}`)) yield* sleep(1)
    this.scheduler.start()
    this.controllerManager.start()
  }

  /** True when requests are answered. */
  get isReady(): boolean {
    return this.apiServer.present?.isReady ?? false
  }

  /** By the name a person uses for it. */
  component(name: string): Component<unknown> | undefined {
    return [this.etcd, this.apiServer, this.scheduler, this.controllerManager].find(c => c.name === name)
  }
}
