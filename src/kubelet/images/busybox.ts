/** `busybox`: a shell and its small tools; by itself it finds nothing to read and ends at once. */
import type { Image } from '../program.ts'

export const image: Image = {
  repositories: [
    'docker.io/library/busybox',
    'registry.k8s.io/busybox',
    'k8s.gcr.io/busybox',
    'gcr.io/google-containers/busybox',
    'docker.io/library/alpine',
    'docker.io/library/debian',
    'docker.io/library/ubuntu',
    'docker.io/library/bash',
    'docker.io/curlimages/curl',
  ],
  sizeBytes: 2_156_518,
  entrypoint: [],
  command: ['sh'],
  programs: {},
  hasShell: true,
}
