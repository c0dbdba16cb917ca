/** The images of one node: what is there, and pulling what is not, at the speed of the node's link. */
import { hash32, hashName, type Label, type Scope } from '../../sim/index.ts'
import type { CriResult, ImageRecord } from '../cri.ts'
import { type ImageName, parseImageName } from '../image-name.ts'
import { findImage, type ImageCatalogue } from '../images/index.ts'
import type { Image } from '../program.ts'
import type { NodeDisk } from './node-disk.ts'

export interface ImageStoreOptions {
  readonly disk: NodeDisk
  readonly images: ImageCatalogue
  /** Bytes a millisecond that a registry delivers to this node. */
  readonly bandwidthBytesPerMs: number
  /** Resolving a reference at its registry. */
  readonly registryMs: number
}

export class ImageStore {
  readonly #scope: Scope
  readonly #options: ImageStoreOptions
  readonly #pull: Label

  constructor(scope: Scope, options: ImageStoreOptions) {
    this.#scope = scope
    this.#options = options
    this.#pull = scope.sim.label('containerd/pull-image')
  }

  find(image: string): { readonly record: ImageRecord; readonly image: Image } | undefined {
    const known = this.#options.disk.images.get(image)
    if (known) return known
    const name = parseImageName(image)
    return name && this.#options.disk.images.get(name.reference)
  }

  /** Asks the registry; layers that the node has are not fetched again. */
  pull(image: string, reply: (result: CriResult<ImageRecord>) => void): void {
    const { registryMs, bandwidthBytesPerMs, images, disk } = this.#options
    const name = parseImageName(image)
    const found = name && findImage(images, name.repository)
    const isPresent = name !== undefined && disk.images.has(name.reference)
    const transferMs = found && !isPresent ? Math.ceil(found.sizeBytes / bandwidthBytesPerMs) : 0
    this.#scope.schedule(
      registryMs + transferMs,
      this.#pull,
      () => reply(this.#finish(image, name, found)),
      undefined,
    )
  }

  #finish(image: string, name: ImageName | undefined, found: Image | undefined): CriResult<ImageRecord> {
    if (!name) {
      return {
        ok: false,
        message: `failed to pull and unpack image "${image}": failed to resolve reference "${image}": invalid reference format`,
      }
    }
    const { reference } = name
    if (!found) {
      return {
        ok: false,
        message: `rpc error: code = NotFound desc = failed to pull and unpack image "${reference}": failed to resolve reference "${reference}": ${reference}: not found`,
      }
    }
    const record: ImageRecord = {
      reference,
      imageId: `${name.repository}@sha256:${digestOf(reference)}`,
      sizeBytes: found.sizeBytes,
    }
    this.#options.disk.images.set(reference, { record, image: found })
    return { ok: true, value: record }
  }
}

/** 64 hexadecimal digits that are the same for one reference in every world. */
function digestOf(reference: string): string {
  const seed = hashName(reference)
  let digits = ''
  for (let i = 0; i < 8; i++) digits += hash32(seed, i).toString(16).padStart(8, '0')
  return digits
}
