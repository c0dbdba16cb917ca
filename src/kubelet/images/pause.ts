/** `registry.k8s.io/pause`: holds a pod's namespaces, and sleeps. */
import { type Routine, sleep } from '../../sim/index.ts'
import type { ContainerProcess, Image } from '../program.ts'

function* pause(container: ContainerProcess): Routine<number> {
  yield* container.terminated()
  container.log('Shutting down, got signal: Terminated')
  yield* sleep(5)
  return 0
}

export const image: Image = {
  repositories: ['registry.k8s.io/pause', 'k8s.gcr.io/pause', 'gcr.io/google_containers/pause'],
  sizeBytes: 320_368,
  entrypoint: ['/pause'],
  command: [],
  programs: { pause },
  hasShell: false,
}
