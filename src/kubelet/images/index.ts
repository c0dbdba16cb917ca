/** Every image there is to pull, listed by hand: a new one is a file here and a line in the list. */
import type { Image } from '../program.ts'
import { image as agnhost } from './agnhost.ts'
import { alpineImage, image as busybox, debianImage } from './busybox.ts'
import { image as cassandra } from './cassandra.ts'
import { image as coredns } from './coredns.ts'
import { image as echoserver } from './echoserver.ts'
import { image as flannel, pluginImage as flannelPlugin } from './flannel.ts'
import { image as gbFrontend, leaderImage as gbLeaderFrontend } from './gb-frontend.ts'
import { followerImage as gbRedisFollower, image as gbRedisslave } from './gb-redisslave.ts'
import { image as generic } from './generic.ts'
import { image as httpEcho } from './http-echo.ts'
import { image as httpd } from './httpd.ts'
import { image as kubeProxy } from './kube-proxy.ts'
import { image as nginx } from './nginx.ts'
import { images as onlineBoutique } from './online-boutique.ts'
import { image as pause } from './pause.ts'
import { image as podinfo } from './podinfo.ts'
import { image as redis } from './redis.ts'

const IMAGES: readonly Image[] = [
  agnhost,
  alpineImage,
  busybox,
  cassandra,
  coredns,
  debianImage,
  echoserver,
  flannel,
  flannelPlugin,
  gbFrontend,
  gbLeaderFrontend,
  gbRedisFollower,
  gbRedisslave,
  httpEcho,
  httpd,
  kubeProxy,
  nginx,
  ...onlineBoutique,
  pause,
  podinfo,
  redis,
]

export interface ImageCatalogue {
  /** By normalised repository. */
  readonly byRepository: ReadonlyMap<string, Image>
  /** What any other name stands for; undefined: there is no such image. */
  readonly fallback: Image | undefined
}

/** The built-in images and `more`, which win; `isGenericAllowed` lets unknown ones run a generic program. */
export function imageCatalogue(
  options: { readonly isGenericAllowed?: boolean; readonly more?: readonly Image[] } = {},
): ImageCatalogue {
  const byRepository = new Map<string, Image>()
  for (const image of [...IMAGES, ...(options.more ?? [])]) {
    for (const repository of image.repositories) byRepository.set(repository, image)
  }
  return { byRepository, fallback: options.isGenericAllowed ? generic : undefined }
}

export function findImage(catalogue: ImageCatalogue, repository: string): Image | undefined {
  return catalogue.byRepository.get(repository) ?? catalogue.fallback
}
