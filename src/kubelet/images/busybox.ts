/** `busybox`: a shell and its small tools; by itself it finds nothing to read and ends at once. */
import type { Image } from '../program.ts'

export const image: Image = {
  repositories: [
    'docker.io/library/busybox',
    'registry.k8s.io/busybox',
    'k8s.gcr.io/busybox',
    'gcr.io/google-containers/busybox',
  ],
  sizeBytes: 2_156_518,
  entrypoint: [],
  command: ['sh'],
  programs: {},
  hasShell: true,
  os: 'busybox',
}

/** `alpine` and what is made of it. */
export const alpineImage: Image = {
  ...image,
  repositories: ['docker.io/library/alpine', 'docker.io/curlimages/curl', 'docker.io/alpine/curl'],
  sizeBytes: 3_642_247,
  os: 'alpine',
}

/** Distributions with bash. */
export const debianImage: Image = {
  ...image,
  repositories: ['docker.io/library/debian', 'docker.io/library/ubuntu', 'docker.io/library/bash'],
  sizeBytes: 48_497_034,
  command: ['bash'],
  os: 'debian',
}
