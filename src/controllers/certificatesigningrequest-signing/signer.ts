/** Who holds the key of the cluster's authority: the port. Mirrors what `--cluster-signing-key-file` is read for. */

/** A certificate that is to be made. */
export interface SigningOrder {
  /** The request, PEM. */
  readonly request: string
  /** As in `spec.usages`. */
  readonly usages: readonly string[]
  /** How long it is to be good. */
  readonly seconds: number
}

export type SigningAnswer =
  /** PEM */
  { readonly ok: true; readonly certificate: string } | { readonly ok: false; readonly message: string }

export interface CertificateSigner {
  /** `reply` is called once, in a later event. */
  sign(order: SigningOrder, reply: (answer: SigningAnswer) => void): void
}
