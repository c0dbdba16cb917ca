/** One node's agent and its container runtime. */
export { byteConversation, type PortListener, type PortSession } from './byte-conversation.ts'
export type { Cni, CniResult, CniSandbox } from './cni.ts'
export {
  type AppRequest,
  type AppResponse,
  type ContainerNetwork,
  type Endpoint,
  type HttpRequest,
  httpResponse,
  type NameLookup,
  NetworkNamespace,
  type NetworkResult,
  type TcpRequest,
} from './container-network.ts'
export type { Credentials, TokenOrder } from './credentials.ts'
export type { ContainerRecord, Cri, CriResult, ExecResult, Sandbox } from './cri.ts'
export { type ImageCatalogue, imageCatalogue } from './images/index.ts'
export { ByteDecoder, toBytes } from './io/bytes.ts'
export { Kubelet, type KubeletOptions } from './kubelet.ts'
export type { NodeConfig } from './node-config.ts'
export { type ServiceVariables, serviceVariables } from './pods/service-environment.ts'
export type { ContainerProcess, Image, Program } from './program.ts'
export { Containerd, type ContainerdOptions } from './runtime/containerd.ts'
export type { ExecListener, ExecSession } from './runtime/exec-session.ts'
export type { LogLine } from './runtime/log-buffer.ts'
export { NodeDisk } from './runtime/node-disk.ts'
export { server } from './server.ts'
